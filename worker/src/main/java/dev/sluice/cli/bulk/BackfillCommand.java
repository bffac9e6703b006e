package dev.sluice.cli.bulk;

import dev.sluice.app.Archives;
import dev.sluice.app.Assembly;
import dev.sluice.bulk.Backfill;
import dev.sluice.bulk.Backfill.BackfillReport;
import dev.sluice.bulk.Backfill.UnreadableUnit;
import dev.sluice.bulk.BulkDataset;
import dev.sluice.bulk.BulkLedger;
import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.Plan;
import dev.sluice.bulk.Planner;
import dev.sluice.bulk.SourceFile;
import dev.sluice.bulk.UnitCounts;
import dev.sluice.bulk.UnitLines;
import dev.sluice.bulk.UnitLoader;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.cli.command.ByteSize;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Converters;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Default;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice backfill}. */
@Command(
        name = "backfill",
        header = "Loads archived events from files into the table, masked as a run would.",
        description = {
            "Each line is the body of one message (NDJSON), in files as they are or compressed (.gz, .zst). PATH is a file, a"
                    + " folder with everything below it, or a pattern in quotes; on this machine or in S3. Blank lines are"
                    + " skipped.",
            "",
            "Files are cut into units; each unit is one transaction and is loaded once. Stopped, killed, or run twice at"
                    + " once on any hosts, the same call continues, and counts stay exact. Files may be added to a dataset;"
                    + " a planned file that changed is refused, and so is another split size.",
            "",
            "Lines that become no row go to the quarantine with file and line. The delivery ledger is not used: an event that"
                    + " is in the archive twice, or that a run has stored too, becomes two rows."
        },
        footer = {
            "Examples:",
            "  sluice backfill archive/ --sent-at file",
            "  sluice backfill s3://bucket/events/2025/ --sent-at 2025-06-30",
            "  sluice backfill 'archive/2026-0[1-6]*.gz' --sent-at file --plan-only"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
public final class BackfillCommand extends CliCommand implements Callable<Integer> {

    private static final double PERCENT = 100;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders or patterns.")
    List<String> paths;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "What the files are loaded as, to continue later (the PATH, if there is one only).")
    @Nullable
    String dataset;

    @Option(
            names = "--split-size",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            description = "How much of a file is one unit; a compressed file is always one (${DEFAULT-VALUE}).")
    ByteSize splitSize;

    @Option(
            names = "--sent-at",
            paramLabel = "TIME",
            description =
                    "When the events were sent, for sent-date and sent-time: a time, a day, or file for the time at"
                            + " which each file was modified.")
    @Nullable
    String sentAt;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Units loaded at the same time, each with a connection (one per processor).")
    int parallel = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--max-rejected",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "Stop when more of the records are rejected, after the first 1,000 (${DEFAULT-VALUE}).")
    double maxRejected;

    @Option(
            names = "--allow-duplicates",
            description = "Load for a pipeline with an idempotency key although the key is not used.")
    boolean allowDuplicates;

    @Option(names = "--plan-only", description = "Only show what would be loaded; write nothing.")
    boolean planOnly;

    @Override
    public Integer call() {
        requireAtLeast(1, parallel, "--parallel");
        if (!(maxRejected >= 0 && maxRejected <= PERCENT)) {
            throw usageError("--max-rejected must be a percentage from 0 to 100");
        }
        Assembly assembly = assembly();
        PipelineSpec spec = assembly.spec();
        BulkDataset wanted = new BulkDataset(spec.name(), name(), splitSize.bytes(), sentAt(spec));
        Backfill.objection(spec, allowDuplicates).ifPresent(problem -> {
            throw usageError(problem);
        });
        try (Archives archives = assembly.archives()) {
            Collection<SourceFile> files = archives.listAll(paths, this::usageError);
            try (Database database = Database.open(assembly.settings().database(), parallel)) {
                return planOnly
                        ? printPlan(wanted, new Planner(database).preview(wanted, files))
                        : load(assembly, database, wanted, archives, files);
            }
        }
    }

    private int load(
            Assembly assembly, Database database, BulkDataset wanted, FileStore store, Collection<SourceFile> files) {
        long begin = System.nanoTime();
        Mapper mapper = assembly.mapper(assembly.keysets());
        Plan plan = new Planner(database).plan(wanted, files);
        ShutdownSignal stop = shutdownSignal("stopping after the units in progress; a second signal ends at once");
        BackfillReport report;
        try (Progress progress = new Progress(console())) {
            UnitLoader loader = new UnitLoader(
                    database,
                    assembly.spec(),
                    wanted,
                    plan.ledger(),
                    unit -> UnitLines.open(store, unit),
                    mapper,
                    stop,
                    progress::noted);
            report = new Backfill(loader, maxRejected / PERCENT).run(plan, new WorkerPool(parallel, stop, progress));
        }
        return print(wanted, plan, plan.ledger().totals(database), report, (System.nanoTime() - begin) / 1e9);
    }

    private String name() {
        if (dataset != null) {
            return dataset;
        }
        if (paths.size() > 1) {
            throw usageError("--dataset NAME is required with more than one PATH");
        }
        return paths.getFirst().replaceFirst("(?<=.)/+$", "");
    }

    private @Nullable Instant sentAt(PipelineSpec spec) {
        if (sentAt == null) {
            List<String> columns = spec.columns().stream()
                    .filter(column -> column.fallback() instanceof Default.SentDate
                            || column.fallback() instanceof Default.SentTime)
                    .map(Column::name)
                    .toList();
            if (!columns.isEmpty()) {
                throw usageError("--sent-at TIME is required: column " + String.join(", ", columns)
                        + " may default to the time at which a message was sent, and a file does not say it");
            }
            return null;
        }
        return sentAt.equals("file") ? null : time(sentAt);
    }

    private Instant time(String text) {
        try {
            return Converters.time(text);
        } catch (TypeConversionException e) {
            throw usageError("--sent-at: file, or " + e.getMessage());
        }
    }

    private int printPlan(BulkDataset wanted, Plan plan) {
        print(
                json(wanted, plan)
                        .put("pending_units", plan.pending().size())
                        .put("pending_bytes", plan.pendingBytes()),
                text(wanted, plan) + "; to load: " + Counted.of(plan.pending().size(), "unit") + ", "
                        + ByteSize.text(plan.pendingBytes()));
        return ExitCode.DONE;
    }

    private int print(BulkDataset wanted, Plan plan, BulkLedger.Totals totals, BackfillReport report, double seconds) {
        UnitCounts counts = totals.counts();
        for (UnreadableUnit unit : report.unreadable()) {
            report(unit.unit().file().path() + " from byte " + unit.unit().start() + " was not loaded: " + unit.why());
        }
        if (report.tooManyRejected()) {
            report("stopped: more than " + maxRejected
                    + " % of the records are rejected. 'sluice quarantine stats' shows"
                    + " why; --max-rejected allows more");
        }
        boolean isComplete = totals.units() == plan.units();
        JsonLine json = json(wanted, plan)
                .put("units_loaded", totals.units())
                .put("lines", counts.lines())
                .put("records", counts.records())
                .put("stored", counts.stored())
                .put("quarantined", counts.quarantined())
                .put("complete", isComplete)
                .put("seconds", Math.round(seconds * 10) / 10.0);
        String rest = isComplete ? "" : "; run the same command again to continue";
        print(
                json,
                text(wanted, plan) + "; " + totals.units() + " loaded: " + Counted.of(counts.lines(), "line") + ", "
                        + Counted.of(counts.stored(), "row") + " stored, " + counts.quarantined() + " quarantined; "
                        + String.format(Locale.ROOT, "%.1f s", seconds) + rest);
        return report.tooManyRejected() || !report.unreadable().isEmpty() ? ExitCode.DATA : ExitCode.DONE;
    }

    private static JsonLine json(BulkDataset wanted, Plan plan) {
        return new JsonLine()
                .put("dataset", wanted.name())
                .put("files", plan.files())
                .put("units", plan.units())
                .put("bytes", plan.bytes());
    }

    private static String text(BulkDataset wanted, Plan plan) {
        return "dataset " + wanted.name() + ": " + Counted.of(plan.files(), "file") + ", " + ByteSize.text(plan.bytes())
                + ", " + Counted.of(plan.units(), "unit");
    }
}
