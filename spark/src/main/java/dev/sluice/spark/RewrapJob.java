package dev.sluice.spark;

import dev.sluice.bulk.RateLimiter;
import dev.sluice.config.Settings;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.rewrap.KeyRewrap;
import dev.sluice.recovery.rewrap.RewrapReport;
import dev.sluice.recovery.rewrap.RewrapReport.Remaining;
import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import dev.sluice.spark.RewrapPages.Work;
import java.io.StringWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code rewrap} on Spark: the driver makes the passes and their audit entries, executors rewrite the pages. */
@Command(
        name = "rewrap",
        description = "Moves stored tokens to the primary keys, as `sluice rewrap` does, on executors.")
final class RewrapJob implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RewrapJob.class);

    @Spec
    CommandSpec command;

    @Option(names = "--column", paramLabel = "COLUMN", description = "Only this column (all that can be rewrapped).")
    @Nullable
    String column;

    @Option(
            names = "--rows-per-second",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rows per second of each executor (no limit).")
    long rowsPerSecond;

    @Override
    public Integer call() {
        if (rowsPerSecond < 0) {
            throw new ParameterException(command.commandLine(), "--rows-per-second must be 0 or more");
        }
        Settings settings = HostParts.settings();
        PipelineSpec spec = HostParts.pipeline(settings);
        List<Column> columns = columns(spec);
        Keysets keysets = HostParts.keysets(settings, spec.name());
        try (Database database = Database.open(settings.database(), 1)) {
            Job job = HostParts.job(settings, keysets, database);
            HostParts.requireBound(keysets, job.database());
            KeyRewrap rewrap = new KeyRewrap(database, spec, keysets, columns, column == null);
            List<String> names = columns.stream().map(Column::name).toList();
            Work work =
                    new Work(job, UUID.randomUUID(), names, HostParts.enabledKeys(spec, names, keysets), rowsPerSecond);
            ShutdownSignal stop = new ShutdownSignal();
            try (JavaSparkContext spark = SparkSettings.context("sluice rewrap " + spec.name())) {
                return print(rewrap.run(
                        new SparkPages(spark, new RewrapPages(work), stop),
                        work.id(),
                        stop,
                        new LoggedProgress(LOG),
                        new RateLimiter(rowsPerSecond)));
            }
        }
    }

    private List<Column> columns(PipelineSpec spec) {
        List<Column> able = KeyRewrap.columns(spec);
        List<Column> wanted = able.stream()
                .filter(each -> column == null || each.name().equals(column))
                .toList();
        if (wanted.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    able.isEmpty()
                            ? "pipeline " + spec.name() + " has no column that can be rewrapped"
                            : "--column must be one of "
                                    + able.stream().map(Column::name).collect(Collectors.joining(", ")));
        }
        return wanted;
    }

    private int print(RewrapReport report) {
        for (Unchanged values : report.unchanged()) {
            LOG.error(
                    "{} values of {} stay as they are, {}, such as {}",
                    values.count(),
                    values.column(),
                    values.reason(),
                    String.join(", ", values.examples()));
        }
        command.commandLine().getOut().println(json(report));
        return report.unchanged().isEmpty() ? 0 : SluiceSpark.DATA;
    }

    /** The keys of {@code sluice rewrap --output json}. */
    private static String json(RewrapReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeBooleanProperty("complete", report.isComplete());
            json.writeNumberProperty("rows", report.rows());
            json.writeNumberProperty("originals", report.originals());
            json.writeNumberProperty("passes", report.passes());
            json.writeArrayPropertyStart("left");
            report.unchanged().forEach(values -> write(json, values));
            json.writeEndArray();
            Remaining remaining = report.remaining();
            if (remaining == null) {
                json.writeNullProperty("remaining");
                json.writeNullProperty("remaining_exact");
            } else {
                json.writeNumberProperty("remaining", remaining.rows());
                json.writeBooleanProperty("remaining_exact", remaining.isExact());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Unchanged values) {
        json.writeStartObject();
        json.writeStringProperty("column", values.column());
        json.writeStringProperty("why", values.reason());
        json.writeNumberProperty("values", values.count());
        json.writeArrayPropertyStart("places");
        values.examples().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }
}
