package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.postgres.Database;
import dev.sluice.recovery.erase.Erasure;
import dev.sluice.recovery.erase.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice erase}. */
@Command(
        name = "erase",
        header = "Deletes a person's rows from the pipeline's table.",
        description = {
            "",
            "The rows and an entry in the audit (ticket, column, how many; never whom) are one transaction. Where the",
            "column is masked, the value is given in clear and looked for under every enabled key. Reaches neither the",
            "quarantine nor the queue, nor backups: docs/erase.md. Exits with 0 also when there was nothing.",
            ""
        },
        footer = {
            "",
            "Example (the id is in no history and no list of processes):",
            "  sluice erase --user-id - --ticket DSR-17 < id.txt"
        })
final class EraseCommand implements Callable<Integer> {

    private static final String FROM_INPUT = "-";

    @ParentCommand
    Sluice sluice;

    @Option(
            names = {"--user-id", "--subject"},
            paramLabel = "VALUE",
            required = true,
            description = "What the column holds for that person; - reads it from standard input, one line.")
    String subject;

    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            required = true,
            description = "The case, for the audit. No personal data: it stays for ever.")
    String ticket;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            defaultValue = "user_id",
            description = "The column that tells whose a row is (${DEFAULT-VALUE}).")
    String column;

    @Option(
            names = "--null",
            paramLabel = "COLUMN",
            arity = "1..*",
            description = "Keep the rows, and make these columns of them NULL.")
    List<String> nulled = List.of();

    @Option(names = "--dry-run", description = "Only count the rows.")
    boolean dryRun;

    @Override
    public Integer call() {
        if (ticket.isBlank()) {
            throw wrong("--ticket: the case was expected");
        }
        Assembly assembly = sluice.assembly();
        Column known = column(assembly.spec());
        demandColumns(assembly.spec());
        Subject whom = Subject.of(assembly.spec(), known, value(), assembly::keysets)
                .orElseThrow(() -> wrong("--user-id: the value is not of the form of column " + column));
        try (Database database = assembly.maintenanceDatabase()) {
            Erasure erasure = new Erasure(database, assembly.spec());
            long rows = dryRun
                    ? erasure.count(whom, ticket)
                    : erasure.erase(whom, nulled, ticket).rows();
            print(rows, assembly.spec().sink().qualifiedName());
        }
        return ExitCode.DONE;
    }

    private Column column(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(Subject::tellsPeople)
                .filter(candidate -> candidate.name().equals(column))
                .findFirst()
                .orElseThrow(() -> wrong("--column: one of "
                        + spec.columns().stream()
                                .filter(Subject::tellsPeople)
                                .map(Column::name)
                                .toList()
                        + " was expected"));
    }

    private void demandColumns(PipelineSpec spec) {
        if (!RowView.headings(spec).containsAll(nulled)) {
            throw wrong("--null: some of " + RowView.headings(spec) + " were expected");
        }
    }

    private String value() {
        String value = subject.equals(FROM_INPUT) ? line() : subject;
        if (value.isBlank()) {
            throw wrong("--user-id: a value was expected");
        }
        return value;
    }

    private String line() {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(sluice.console().in(), StandardCharsets.UTF_8));
        try {
            String line = input.readLine();
            if (line == null || input.readLine() != null) {
                throw wrong("--user-id -: one line was expected on standard input");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(long rows, String table) {
        if (sluice.json()) {
            sluice.console()
                    .out()
                    .println(new JsonLine()
                            .put("table", table)
                            .put("column", column)
                            .put("rows", rows)
                            .put("nulled", nulled)
                            .put("ticket", ticket)
                            .put("dryRun", dryRun));
            return;
        }
        String what = nulled.isEmpty() ? " deleted from " + table : " of " + table + " changed";
        sluice.console()
                .out()
                .println(rows + " row(s)"
                        + (dryRun
                                ? " of " + table + " found; nothing was changed."
                                : what + ", ticket " + ticket + "."));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(sluice.command.commandLine(), message);
    }
}
