package dev.sluice.spark;

import dev.sluice.bulk.Backfill;
import dev.sluice.bulk.BulkDataset;
import dev.sluice.bulk.BulkLedger.Totals;
import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.Plan;
import dev.sluice.bulk.Planner;
import dev.sluice.bulk.Unit;
import dev.sluice.bulk.UnitCounts;
import dev.sluice.config.Settings;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code backfill} on Spark: plans on the driver, and lets executors load the units. */
@Command(
        name = "backfill",
        description = "Loads archived events into the table, as `sluice backfill` does, on executors.")
final class BackfillJob implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillJob.class);

    private static final long MEBIBYTE = 1024 * 1024;
    private static final double PERCENT = 100;
    private static final long REPORT_SECONDS = 10;

    @Spec
    CommandSpec command;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files, folders or patterns of a Hadoop file system.")
    List<String> paths;

    @Option(names = "--dataset", paramLabel = "NAME", required = true, description = "What the files are loaded as.")
    String dataset;

    @Option(
            names = "--split-mib",
            paramLabel = "N",
            defaultValue = "64",
            description = "Mebibytes of a file that are one unit (${DEFAULT-VALUE}).")
    long splitMebibytes;

    @Option(
            names = "--sent-at",
            paramLabel = "TIME",
            required = true,
            description =
                    "When the events were sent: a time, a day, or file for the time at which each file was modified.")
    String sentAt;

    @Option(
            names = "--max-rejected",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "Stop when more of the records are rejected (${DEFAULT-VALUE}).")
    double maxRejected;

    @Option(names = "--allow-duplicates", description = "Load although the pipeline's idempotency key is not used.")
    boolean allowDuplicates;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = HostParts.settings();
        PipelineSpec spec = HostParts.pipeline(settings);
        Backfill.objection(spec, allowDuplicates).ifPresent(problem -> {
            throw usageError(problem);
        });
        BulkDataset wanted = new BulkDataset(spec.name(), dataset, splitMebibytes * MEBIBYTE, sentAt());
        Keysets keysets = HostParts.keysets(settings, spec.name());
        try (JavaSparkContext spark = SparkSettings.context("sluice backfill " + dataset);
                Database database = Database.open(settings.database(), 1)) {
            Job job = HostParts.job(settings, keysets, database);
            FileStore store = new HadoopFiles(SparkHadoopUtil.get().conf());
            Plan plan = new Planner(database).plan(wanted, store.listAll(paths, this::usageError));
            List<String> unreadable = load(spark, database, job, wanted, plan);
            return report(plan, plan.ledger().totals(database), unreadable);
        }
    }

    private List<String> load(JavaSparkContext spark, Database database, Job job, BulkDataset wanted, Plan plan)
            throws InterruptedException {
        if (plan.pending().isEmpty()) {
            return List.of();
        }
        List<Unit> units = plan.pending();
        JavaFutureAction<List<String>> loading = spark.parallelize(units, units.size())
                .map(new LoadUnit(job, wanted, plan.ledger().dataset()))
                .filter(why -> !why.isEmpty())
                .collectAsync();
        while (true) {
            try {
                return loading.get(REPORT_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException stillLoading) {
                Totals totals = plan.ledger().totals(database);
                LOG.info(
                        "{} of {} units loaded, {} records.",
                        totals.units(),
                        plan.units(),
                        totals.counts().records());
                if (totals.counts().isRejectedBeyond(maxRejected / PERCENT)) {
                    loading.cancel(true);
                    return List.of();
                }
            } catch (ExecutionException failed) {
                LOG.error("A unit failed more often than spark.task.maxFailures allows; what is committed stays.");
                throw new IllegalStateException("the work ended early; the executors' logs say why");
            }
        }
    }

    private int report(Plan plan, Totals totals, List<String> unreadable) {
        unreadable.forEach(LOG::error);
        UnitCounts counts = totals.counts();
        boolean rejected = counts.isRejectedBeyond(maxRejected / PERCENT);
        if (rejected) {
            LOG.error("More than {} % of the records are rejected; --max-rejected allows more.", maxRejected);
        }
        command.commandLine().getOut().println(json(plan, totals));
        return rejected || !unreadable.isEmpty() ? SluiceSpark.DATA : 0;
    }

    /** The keys of {@code sluice backfill --output json}. */
    private String json(Plan plan, Totals totals) {
        UnitCounts counts = totals.counts();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("dataset", dataset);
            json.writeNumberProperty("files", plan.files());
            json.writeNumberProperty("units", plan.units());
            json.writeNumberProperty("bytes", plan.bytes());
            json.writeNumberProperty("units_loaded", totals.units());
            json.writeNumberProperty("lines", counts.lines());
            json.writeNumberProperty("records", counts.records());
            json.writeNumberProperty("stored", counts.stored());
            json.writeNumberProperty("quarantined", counts.quarantined());
            json.writeBooleanProperty("complete", totals.units() == plan.units());
            json.writeEndObject();
        }
        return text.toString();
    }

    private ParameterException usageError(String problem) {
        return new ParameterException(command.commandLine(), problem);
    }

    private @Nullable Instant sentAt() {
        if (sentAt.equals("file")) {
            return null;
        }
        try {
            return sentAt.indexOf('T') < 0
                    ? LocalDate.parse(sentAt).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(sentAt);
        } catch (DateTimeParseException e) {
            throw usageError(
                    "--sent-at: file, a day such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z was expected");
        }
    }
}
