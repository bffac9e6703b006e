package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.erase.Retention;
import dev.sluice.recovery.erase.Retention.Retained;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice retain}. */
@Command(
        name = "retain",
        header = "Deletes rows of the pipeline's table that are past their retention period.",
        description = {
            "Drops whole partitions if sluice migrate --partition-by created them; other rows are deleted a few pages at a"
                    + " time, with pauses, while workers continue. Rows without a date are kept and counted. Recorded in"
                    + " the audit. Safe to interrupt and to repeat, for example daily.",
            "",
            "For the quarantine, use sluice quarantine purge."
        },
        footer = {"Example:", "  sluice retain --older-than 400d --dry-run"})
@CommandHelp(uses = {Part.PIPELINE, Part.DATABASE})
public final class RetainCommand extends CliCommand implements Runnable {

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            required = true,
            description = "How many days (UTC) before today are kept, such as 400d.")
    Duration age;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description =
                    "The column with a row's date (that of the partitions, otherwise the only date or timestamp).")
    @Nullable
    String by;

    @Option(names = "--dry-run", description = "Only count the rows to delete.")
    boolean dryRun;

    @Override
    public void run() {
        LocalDate before = before();
        Assembly assembly = assembly();
        try (Database database = assembly.maintenanceDatabase()) {
            Retention retention = new Retention(database, assembly.spec());
            String column = retention.column(by);
            Retained retained = dryRun ? retention.plan(column, before) : apply(retention, column, before);
            print(retained, column, before);
        }
    }

    private Retained apply(Retention retention, String column, LocalDate before) {
        try (Progress progress = new Progress(console()).counting("rows")) {
            return retention.apply(column, before, progress::reached);
        }
    }

    private LocalDate before() {
        long days = age.toDays();
        if (days < 1 || !age.equals(Duration.ofDays(days))) {
            throw usageError("--older-than must be whole days, such as 400d");
        }
        return LocalDate.now(ZoneOffset.UTC).minusDays(days);
    }

    private void print(Retained retained, String column, LocalDate before) {
        print(
                new JsonLine()
                        .put("column", column)
                        .put("before", before)
                        .put("rows", retained.rows())
                        .put("partitions", retained.partitions())
                        .put("undated", retained.undated())
                        .put("dry_run", dryRun),
                Counted.of(retained.rows(), "row") + " of " + column + " before " + before
                        + (dryRun ? " would be deleted; " : " deleted, ")
                        + (dryRun ? "" : Counted.of(retained.partitions(), "partition") + " dropped; ")
                        + Counted.of(retained.undated(), "row") + " without a date stay.");
    }
}
