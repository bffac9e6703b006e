package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.erase.Retention;
import dev.sluice.recovery.erase.Retention.Retained;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice retain}. */
@Command(
        name = "retain",
        header = "Deletes rows of the pipeline's table that are older than they may become.",
        description = {
            "",
            "Partitions that sluice migrate --partition-by made are dropped as a whole; other rows are deleted a few",
            "pages at a time, with pauses, while workers go on. Rows without a date stay and are counted. Entered in the",
            "audit. Safe to interrupt and to repeat: call it daily. The quarantine has its own: sluice quarantine purge.",
            ""
        },
        footer = {"", "Example:", "  sluice retain --older-than 400d --dry-run"})
final class RetainCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            required = true,
            converter = DurationConverter.class,
            description = "How many days (UTC) stay before today, such as 400d.")
    Duration age;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description =
                    "The column that tells a row's age (that of the partitions, else the only one of dates or times).")
    @Nullable
    String by;

    @Option(names = "--dry-run", description = "Only count what would go.")
    boolean dryRun;

    @Override
    public Integer call() {
        LocalDate before = before();
        Assembly assembly = sluice.assembly();
        try (Database database = assembly.maintenanceDatabase()) {
            Retention retention = new Retention(database, assembly.spec());
            String column = retention.column(by);
            Retained retained = dryRun ? retention.plan(column, before) : apply(retention, column, before);
            print(retained, column, before);
        }
        return ExitCode.DONE;
    }

    private LocalDate before() {
        long days = age.toDays();
        if (days < 1 || !age.equals(Duration.ofDays(days))) {
            throw new ParameterException(
                    sluice.command.commandLine(), "--older-than: whole days were expected, such as 400d");
        }
        return LocalDate.now(ZoneOffset.UTC).minusDays(days);
    }

    private Retained apply(Retention retention, String column, LocalDate before) {
        Console console = sluice.console();
        if (!console.interactive()) {
            return retention.apply(column, before, rows -> {});
        }
        try (ProgressBar bar = Progress.bar(console, "rows", -1)) {
            LongConsumer progress = bar::stepTo;
            return retention.apply(column, before, progress);
        }
    }

    private void print(Retained retained, String column, LocalDate before) {
        if (sluice.json()) {
            sluice.console()
                    .out()
                    .println(new JsonLine()
                            .put("column", column)
                            .put("before", before)
                            .put("rows", retained.rows())
                            .put("partitions", retained.partitions())
                            .put("undated", retained.undated())
                            .put("dryRun", dryRun));
            return;
        }
        sluice.console()
                .out()
                .println(retained.rows() + " row(s) of " + column + " before " + before
                        + (dryRun ? " would be deleted; " : " deleted, ")
                        + (dryRun ? "" : retained.partitions() + " partition(s) dropped; ")
                        + retained.undated() + " row(s) without a date stay.");
    }
}
