package dev.sluice.app;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mask.MaskKind;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Counters;
import dev.sluice.pipeline.Counters.Summary;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;
import dev.sluice.postgres.AttemptTable;
import dev.sluice.postgres.PostgresSink;
import dev.sluice.postgres.db.Database;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Sluice: the one place where queue, mapper and database are put together into a pipeline. Opening it proves
 * that a run can begin (keys fit the pipeline, schema current, table as specified, queue there); nothing is received
 * before {@link #run}.
 */
public final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The longest that SQS keeps a message (AWS, SQS message quotas). */
    private static final Duration LONGEST_RETENTION = Duration.ofDays(14);

    private final Database database;
    private final Sink sink;
    private final Source source;
    private final ReloadingMapper mapper;
    private final Counters books = new Counters(InstantSource.system());
    private final int lanes;

    private Worker(Database database, Sink sink, Source source, ReloadingMapper mapper, int lanes) {
        this.database = database;
        this.sink = sink;
        this.source = source;
        this.mapper = mapper;
        this.lanes = lanes;
    }

    /**
     * Opens all parts, the ones that ask nobody first.
     *
     * @throws dev.sluice.keys.KeysException when keys are missing or do not fit the pipeline
     * @throws dev.sluice.failure.InfrastructureException when the queue or the database cannot be used
     */
    public static Worker open(Assembly assembly) {
        ReloadingMapper mapper = new ReloadingMapper(assembly);
        try {
            warn(assembly, mapper);
            return open(assembly, mapper);
        } catch (RuntimeException e) {
            mapper.close();
            throw e;
        }
    }

    private static Worker open(Assembly assembly, ReloadingMapper mapper) {
        Database database = assembly.database();
        try {
            return open(assembly, mapper, database);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static Worker open(Assembly assembly, ReloadingMapper mapper, Database database) {
        Source source = assembly.source();
        try {
            warnOfShortLeases(source.visibilityTimeout());
            // Last of all: it has a thread of its own, which ends when the sink is closed.
            Sink sink = PostgresSink.open(database, assembly.spec(), retention(source));
            LOG.info(
                    "Pipeline {}: queue {} to table {}, {} lanes.",
                    assembly.spec().name(),
                    assembly.queue(),
                    assembly.spec().sink().qualifiedName(),
                    assembly.settings().run().consumers());
            return new Worker(
                    database, sink, source, mapper, assembly.settings().run().consumers());
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** What the ledger must outlast. Too long costs space, too short a second row. */
    private static Duration retention(Source source) {
        return source.retention().orElseGet(() -> {
            LOG.info(
                    "The queue does not tell for how long it keeps messages; the ledger's keys are kept as for {} days.",
                    LONGEST_RETENTION.toDays());
            return LONGEST_RETENTION;
        });
    }

    /** Leases are extended, but one that is shorter than a slow commit depends on no extension failing. */
    private static void warnOfShortLeases(Duration visibilityTimeout) {
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
    }

    /**
     * Runs until the mode's end, {@code stop} or a fault. Blocks; nothing is in hand when it returns or throws.
     *
     * @param mode when the run ends by itself
     * @param stop asks it to end sooner, after the batches in hand
     * @throws dev.sluice.failure.InfrastructureException the fault that ended it, if it was none that passes
     */
    public void run(RunMode mode, ShutdownSignal stop) {
        Pipeline pipeline = new Pipeline(source, mapper, sink, new AttemptTable(database), books, stop);
        Consumers running = new Consumers(pipeline, lanes, stop);
        mode.run(running, source, stop);
    }

    /** Makes the keyset file be read again; returns at once. It is read by itself, too, soon after it has changed. */
    public void reloadKeys() {
        mapper.requestReload();
    }

    /** What came in and what became of it, so far. */
    public Summary balance() {
        return books.summary();
    }

    /** How many fields no column named, so far. */
    public long droppedFields() {
        return mapper.droppedFields();
    }

    /** How many messages wait in the queue, by its own approximate count. */
    public long backlog() {
        return source.depth().visible();
    }

    /** Each part is closed whatever the others do. */
    @Override
    public void close() {
        try (database;
                sink;
                mapper) {
            source.close();
        }
    }
}
