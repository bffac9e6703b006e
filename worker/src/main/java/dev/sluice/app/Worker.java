package dev.sluice.app;

import dev.sluice.config.TelemetrySettings;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.lineage.Lineage;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mask.MaskKind;
import dev.sluice.metrics.About;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.pipeline.BatchLimit;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Counters;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.Summary;
import dev.sluice.postgres.AttemptTable;
import dev.sluice.postgres.PostgresSink;
import dev.sluice.postgres.db.Database;
import dev.sluice.tracing.Tracing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Sluice: the only place that puts queue, mapper and database together into a pipeline. Opening it proves that a
 * run can begin (the keys fit the pipeline, the schema is current, the table is as specified, the queue exists); nothing is
 * received before {@link #run}.
 */
public final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** SQS's longest retention period (AWS, SQS message quotas). */
    private static final Duration LONGEST_RETENTION = Duration.ofDays(14);

    private final Parts parts;
    private final Database database;
    private final Sink sink;
    private final Source source;
    private final ReloadingMapper mapper;
    private final Counters counters = new Counters(InstantSource.system());
    private final FieldWatch fields;
    private final WorkerMetrics metrics;
    private final Tracing tracing;
    private final int consumers;

    private Worker(Assembly assembly, Parts parts) {
        this.parts = parts;
        this.consumers = assembly.settings().run().consumers();
        TelemetrySettings telemetry = telemetry(assembly);
        this.metrics = parts.add(new WorkerMetrics(about(assembly), counters, telemetry), WorkerMetrics::close);
        this.mapper = parts.add(new ReloadingMapper(assembly), ReloadingMapper::close);
        warn(assembly, mapper);
        this.database = parts.add(assembly.database(), Database::close);
        database.measure(metrics.meters(), metrics::retried);
        this.source = parts.add(assembly.source(telemetry.traces() != null, metrics::called), Source::close);
        warnOfShortTimeout(source.visibilityTimeout());
        this.sink = parts.add(PostgresSink.open(database, assembly.spec(), retention(source)), Sink::close);
        this.tracing = parts.add(Tracing.open(telemetry, assembly.places()), Tracing::close);
        this.fields = parts.add(
                new FieldWatch(assembly.settings().database(), assembly.spec(), mapper::fieldCounts),
                FieldWatch::close);
        assembly.lineage(database).ifPresent(lineage -> parts.add(lineage, Lineage::close));
        parts.add(metrics, WorkerMetrics::end).begin(source, new AuditedRequests(database), () -> pool(database));
        LOG.info(
                "Pipeline {}: queue {} to table {}, {} consumers.",
                assembly.spec().name(),
                assembly.queue(),
                assembly.spec().sink().qualifiedName(),
                consumers);
    }

    /**
     * Opens all parts, local ones first.
     *
     * @throws dev.sluice.config.SettingsException if the settings of a collector are wrong
     * @throws dev.sluice.keys.KeysException if keys are missing or do not fit the pipeline
     * @throws dev.sluice.failure.InfrastructureException if the queue or the database cannot be used
     */
    public static Worker open(Assembly assembly) {
        Parts parts = new Parts();
        try {
            return new Worker(assembly, parts);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Two workers of one service are distinguished by an id that lasts as long as their counters. */
    private static TelemetrySettings telemetry(Assembly assembly) {
        return assembly.settings()
                .telemetry()
                .withDefault("service.version", Release.VERSION)
                .withDefault("service.instance.id", UUID.randomUUID().toString());
    }

    private About about(Assembly assembly) {
        return new About(
                Release.VERSION,
                assembly.spec().name(),
                assembly.queue(),
                assembly.spec().sink().qualifiedName(),
                consumers);
    }

    private static Status.Pool pool(Database database) {
        return new Status.Pool(database.activeConnections(), database.maxConnections());
    }

    /** How long the ledger keeps its keys: too long costs space, too short a second row. */
    private static Duration retention(Source source) {
        return source.retention().orElseGet(() -> {
            LOG.info(
                    "The queue does not report its retention period; the ledger keeps its keys for {} days.",
                    LONGEST_RETENTION.toDays());
            return LONGEST_RETENTION;
        });
    }

    /** With less than a slow commit takes, no extension may fail. */
    private static void warnOfShortTimeout(Duration visibilityTimeout) {
        if (visibilityTimeout.compareTo(Database.LONGEST_STORE) < 0) {
            LOG.warn(
                    "The queue's visibility timeout is {} s, and storing a batch may take {} s: set 30 s or more.",
                    visibilityTimeout.toSeconds(),
                    Database.LONGEST_STORE.toSeconds());
        }
    }

    private static void warn(Assembly assembly, ReloadingMapper mapper) {
        mapper.warnOfClearKeys();
        assembly.spec().columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind() == MaskKind.SHA256)
                .forEach(column -> LOG.warn(
                        "Column {} is masked by plain SHA-256: anyone who reads the table can reverse short values.",
                        column.name()));
        assembly.spec().columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind() == MaskKind.PARTIAL)
                .forEach(column -> LOG.warn(
                        "Column {} is masked by partial: anyone who reads the table reads a part of each value.",
                        column.name()));
    }

    /**
     * Runs until the mode's end, a shutdown request or a failure. Blocks; then nothing is in flight.
     *
     * @param mode when the run ends by itself
     * @param shutdown ends it sooner, after the batches in flight
     * @throws dev.sluice.failure.InfrastructureException the failure that ended it, unless it is transient
     */
    public void run(RunMode mode, ShutdownSignal shutdown) {
        Pipeline pipeline = new Pipeline(
                metrics.measured(tracing.traced(source)),
                metrics.measured(mapper),
                metrics.measured(tracing.traced(sink)),
                new AttemptTable(database),
                counters,
                shutdown,
                tracing.batches(),
                BatchLimit.of(consumers));
        metrics.watch(pipeline.vitals(), shutdown);
        mode.run(new Consumers(pipeline, shutdown), source, shutdown);
        fields.report();
    }

    /** Makes the keyset file be read again; returns at once. A changed file is soon read without this, too. */
    public void reloadKeys() {
        mapper.requestReload();
    }

    /** What was received and what became of it, so far. */
    public Summary summary() {
        return counters.summary();
    }

    /** Which fields were missing and which were dropped, so far. */
    public FieldCounts fieldCounts() {
        return mapper.fieldCounts();
    }

    /** Fields that were probably renamed or left out since the start, a sentence each; see {@link FieldReport}. */
    public List<String> fieldSuspicions() {
        return new FieldReport(mapper.fieldCounts(), FieldCounts.NONE).suspicions();
    }

    /** What its ports show; valid until it is closed. */
    public Figures figures() {
        return metrics;
    }

    /** When the consumer that is furthest behind began its present step; empty when none runs. */
    public Optional<Instant> slowestStep() {
        return metrics.slowestStep();
    }

    /**
     * Checks that records could be stored now. Blocks for as long as the database does.
     *
     * @throws dev.sluice.failure.InfrastructureException if the database cannot be reached or written to, or schema or
     *     table are not as this program needs them
     */
    public void checkDatabase() {
        sink.probe();
    }

    /** How many messages wait in the queue, by its approximate count. */
    public long backlog() {
        return source.depth().visible();
    }

    /** Closes every part, even if closing another fails. */
    @Override
    public void close() {
        parts.close();
    }
}
