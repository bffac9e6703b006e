package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Header;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.db.Database;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice show}. */
@Command(
        name = "show",
        header = "Shows the table: its columns, how many rows it has, and some of them.",
        description = {"", "Rows come in no order: the table has none. On a terminal long values are shortened.", ""})
final class ShowCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Parameters(paramLabel = "N", defaultValue = "10", description = "How many rows (${DEFAULT-VALUE}).")
    int count;

    @Override
    public Integer call() {
        if (count < 0) {
            throw new ParameterException(sluice.command.commandLine(), "N: 0 or more was expected");
        }
        Assembly assembly = sluice.assembly();
        try (Database database = assembly.database()) {
            print(sluice, assembly, database, count);
        }
        return ExitCode.DONE;
    }

    static void print(Sluice sluice, Assembly assembly, Database database, int count) {
        TableReader reader = new TableReader(database, assembly.spec());
        RowSample sample = reader.show(count);
        List<String> names = sample.columns().stream().map(Header::name).toList();
        if (!sluice.json()) {
            sluice.console()
                    .out()
                    .println("Table " + assembly.spec().sink().qualifiedName() + ", " + reader.count() + " rows");
            TextTable columns = new TextTable(false, "column", "type");
            sample.columns().forEach(column -> columns.add(List.of(column.name(), column.type())));
            columns.print(sluice.console().out());
            sluice.console().out().println();
        }
        RowView.print(sluice, names, sample.rows());
    }
}
