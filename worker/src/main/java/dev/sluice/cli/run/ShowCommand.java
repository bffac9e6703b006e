package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.CountOption;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.OutputFormat;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Program;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.output.StoredValues;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Header;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TableSize;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice show}. */
@Command(
        name = "show",
        header = "Shows the table: its columns, the number of rows, and some of them.",
        description =
                "Rows are in no particular order. The rows of a large table are estimated, not counted. On a terminal, long"
                        + " values are shortened unless --wide is given.")
@CommandHelp(uses = {Part.PIPELINE, Part.DATABASE})
@ListOutput
public final class ShowCommand extends CliCommand implements Runnable {

    @Mixin
    CountOption count;

    @Override
    public void run() {
        int limit = count.atLeast(0);
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            print(program(), assembly.spec(), database, limit);
        }
    }

    /** Rows of a table, with numbers, booleans and nested JSON as such. */
    public static Listing<List<@Nullable String>> rows(List<Header> columns) {
        Listing<List<@Nullable String>> listing = new Listing<>();
        for (int i = 0; i < columns.size(); i++) {
            int index = i;
            Header header = columns.get(i);
            listing.column(header.name(), row -> StoredValues.of(header.type(), row.get(index)));
        }
        return listing;
    }

    /** Prints the columns of a pipeline's table, and up to {@code count} rows. */
    public static void print(Program program, PipelineSpec spec, Database database, int count) {
        TableReader reader = new TableReader(database, spec);
        RowSample sample = reader.show(count);
        if (program.format() == OutputFormat.text) {
            program.console().out().println("Table " + spec.sink().qualifiedName() + ", " + text(reader.size()));
            new Listing<Header>()
                    .text("column", Header::name)
                    .text("type", Header::type)
                    .whole()
                    .print(program, sample.columns());
            program.console().out().println();
        }
        rows(sample.columns()).print(program, sample.rows());
    }

    /** An estimate has as many digits as it deserves. */
    private static String text(TableSize size) {
        if (size.isExact()) {
            return Counted.of(size.rows(), "row");
        }
        BigDecimal rounded = new BigDecimal(size.rows()).round(new MathContext(2));
        return String.format(Locale.ROOT, "about %,d rows", rounded.toBigInteger());
    }
}
