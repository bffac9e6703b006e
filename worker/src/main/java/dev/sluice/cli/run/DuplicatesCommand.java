package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.OutputFormat;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Program;
import dev.sluice.cli.command.Progress;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Shared;
import dev.sluice.postgres.db.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice duplicates}. */
@Command(
        name = "duplicates",
        header = "Shows masked values that several users share, the most shared first.",
        description =
                "Equal values have equal tokens, so shared addresses and devices are found without knowing them. If the"
                        + " pipeline has no column user_id, and --by names no other, values that several rows share are"
                        + " shown.")
@CommandHelp(uses = {Part.PIPELINE, Part.DATABASE})
@ListOutput
public final class DuplicatesCommand extends CliCommand implements Runnable {

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            description = "Only this masked column (all whose equal values have equal tokens).")
    @Nullable
    String column;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "Count distinct values of this column (user_id, if there is one).")
    @Nullable
    String by;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "Values per column (${DEFAULT-VALUE}).")
    int limit;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Look at about N rows from all over the table, for a quick answer: the counts are those of the"
                            + " sample.")
    @Nullable
    Integer sample;

    @Override
    public void run() {
        Assembly assembly = assembly();
        PipelineSpec spec = assembly.spec();
        if (column != null) {
            requireOneOf(TableReader.joinable(spec), column, "--column");
        }
        if (by != null) {
            requireOneOf(columnNames(spec), by, "--by");
        }
        requireAtLeast(0, limit, "--limit");
        requireAtLeast(1, sample == null ? 1 : sample, "--sample");
        try (Database database = assembly.maintenanceDatabase()) {
            TableReader reader = new TableReader(database, spec);
            List<String> columns = column == null ? TableReader.joinable(spec) : List.of(column);
            String subject = by == null ? TableReader.usualSubject(spec) : by;
            Integer rows = sample;
            if (rows == null) {
                print(program(), reader, columns, subject, limit);
            } else {
                print(program(), subject, shared(columns, name -> reader.duplicatesWithin(rows, name, subject, limit)));
            }
        }
    }

    /**
     * @param reader of a database for maintenance
     * @param subject the column whose distinct values are counted; null for rows
     */
    public static void print(
            Program program, TableReader reader, List<String> columns, @Nullable String subject, int limit) {
        print(program, subject, shared(program, reader, columns, subject, limit));
    }

    private static List<Map.Entry<String, Shared>> shared(
            Program program, TableReader reader, List<String> columns, @Nullable String subject, int limit) {
        try (Progress progress = new Progress(program.console())) {
            int parts = reader.parts();
            AtomicLong done = new AtomicLong();
            progress.began("passes over the table", (long) parts * columns.size());
            Runnable partDone = () -> progress.reached(done.incrementAndGet());
            return shared(columns, name -> reader.duplicates(name, subject, limit, parts, partDone));
        }
    }

    private static List<Map.Entry<String, Shared>> shared(
            List<String> columns, Function<String, List<Shared>> ofColumn) {
        List<Map.Entry<String, Shared>> rows = new ArrayList<>();
        for (String name : columns) {
            ofColumn.apply(name).forEach(shared -> rows.add(Map.entry(name, shared)));
        }
        return rows;
    }

    private static void print(Program program, @Nullable String subject, List<Map.Entry<String, Shared>> rows) {
        if (rows.isEmpty() && program.format() == OutputFormat.text) {
            program.console()
                    .out()
                    .println("No masked value is shared by more than one " + (subject == null ? "row" : subject) + ".");
            return;
        }
        Listing<Map.Entry<String, Shared>> listing = new Listing<Map.Entry<String, Shared>>()
                .column("column", Map.Entry::getKey)
                .column("value", row -> row.getValue().value())
                .column("rows", row -> row.getValue().rows());
        if (subject != null) {
            listing.json("by", row -> subject).column("distinct " + subject, "distinct", row -> row.getValue()
                    .distinct());
        }
        listing.print(program, rows);
    }
}
