package dev.sluice.recovery.erase;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.schema.TablePartitions;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes rows of days before a given day: drops partitions where Sluice maintains the table in partitions of that column, and
 * deletes the rest a few pages at a time, with pauses, while workers continue. Rows without a date stay.
 *
 * <p>The audit gets an entry before the first row is deleted and one after the last, so that a killed run shows as not ended;
 * calling again continues it. A message that is delivered again after its row was deleted makes no new row: the ledger keeps its
 * key for as long as the queue keeps the message. Thread-safe.
 */
public final class Retention {

    /** 8 MiB: some ten thousand rows per transaction, so that neither locks nor vacuum's horizon are held for long. */
    private static final int PAGES = 1_000;

    /** Tries a partition in use for about ten seconds; then deletes its rows, and a later call drops it. */
    private static final int TRIES = 10;

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    private final Database database;
    private final PipelineSpec spec;
    private final String table;
    private final String action;

    /** @param database for maintenance: the whole table may be read */
    public Retention(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = database.located(spec);
        this.table = Identifiers.quoted(this.spec.sink());
        this.action = "delete old rows of table " + spec.sink().qualifiedName();
    }

    /**
     * The column that determines a row's age.
     *
     * @param name null for the partitioning column, else the pipeline's only date or point in time
     * @throws InfrastructureException CONFIG when there is none, or several, or the given one is neither
     */
    public String column(@Nullable String name) {
        List<String> dates = TablePartitions.dates(spec);
        Optional<String> partitioned =
                database.transact(action, connection -> TablePartitions.column(connection, spec.sink()));
        String column = name == null ? partitioned.filter(dates::contains).orElse(only(dates)) : name;
        if (column == null || !dates.contains(column)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the column is not clear: set --by to one of " + dates
                            + ", the pipeline's dates and points in time");
        }
        return column;
    }

    private static @Nullable String only(List<String> dates) {
        return dates.size() == 1 ? dates.getFirst() : null;
    }

    /**
     * How many rows {@link #apply} would delete, and how many have no date. Reads the whole table, or its old partitions.
     *
     * @param before in UTC
     */
    public Retained plan(String column, LocalDate before) {
        return database.transact(
                action, connection -> new Retained(count(connection, column, before), 0, undated(connection, column)));
    }

    /**
     * Deletes them. Blocks until done.
     *
     * @param column as {@link #column} returns it
     * @param before in UTC, yesterday at the latest
     * @param progress receives the number of rows deleted so far
     * @throws InfrastructureException when not all could be deleted; deleted rows stay deleted
     */
    public Retained apply(String column, LocalDate before, LongConsumer progress) {
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.retainBegins(column, before);
        Retained dropped = drop(column, before, progress);
        long deleted = dropped.rows + delete(column, before, rows -> progress.accept(dropped.rows + rows));
        long undated = database.transact(action, connection -> undated(connection, column));
        Retained retained = new Retained(deleted, dropped.partitions, undated);
        audit.retainEnded(begun, retained.rows(), retained.partitions(), retained.undated());
        return retained;
    }

    /** Without the rows that have no date. */
    private Retained drop(String column, LocalDate before, LongConsumer progress) {
        Optional<String> partitioned =
                database.transact(action, connection -> TablePartitions.column(connection, spec.sink()));
        Retained sum = new Retained(0, 0, 0);
        if (partitioned.filter(column::equals).isEmpty()) {
            return sum;
        }
        for (Optional<Long> rows = dropOldest(before); rows.isPresent(); rows = dropOldest(before)) {
            sum = new Retained(sum.rows + rows.get(), sum.partitions + 1, 0);
            progress.accept(sum.rows);
        }
        return sum;
    }

    /** Empty when there is none to drop, or when another session uses the oldest. */
    private Optional<Long> dropOldest(LocalDate before) {
        for (int tries = 1; ; tries++) {
            try {
                return database.transact(
                        action, connection -> TablePartitions.dropOldest(connection, spec.sink(), before));
            } catch (InfrastructureException e) {
                if (e.kind() != Kind.TRANSIENT) {
                    throw e;
                }
                if (tries == TRIES) {
                    return Optional.empty();
                }
                pause(BETWEEN_TRIES);
            }
        }
    }

    private long delete(String column, LocalDate before, LongConsumer progress) {
        long pages = database.transact(action, this::pages);
        long deleted = 0;
        for (long page = 0; page < pages; page += PAGES) {
            long first = page;
            long begin = System.nanoTime();
            long rows = database.transact(action, connection -> delete(connection, column, before, first));
            if (rows > 0) {
                deleted += rows;
                progress.accept(deleted);
                pause(Duration.ofNanos(System.nanoTime() - begin)); // leaves half of the time to others
            }
        }
        return deleted;
    }

    /** Of the table, or of its largest partition: a range of pages applies to all of them. */
    private long pages(Connection connection) throws SQLException {
        return Query.of(
                        connection,
                        "SELECT max(pg_relation_size(relid)) / current_setting('block_size')::integer + 1"
                                + " FROM (SELECT relid FROM pg_partition_tree(?::regclass) UNION SELECT ?::regclass) AS parts",
                        table,
                        table)
                .number();
    }

    private long delete(Connection connection, String column, LocalDate before, long firstPage) throws SQLException {
        SearchPath.restore(connection); // for the table's own triggers
        return Query.of(
                        connection,
                        "DELETE" + older(column)
                                + " AND ctid OPERATOR(pg_catalog.>=) ?::pg_catalog.tid AND ctid OPERATOR(pg_catalog.<) ?::pg_catalog.tid",
                        before,
                        "(" + firstPage + ",0)",
                        "(" + (firstPage + PAGES) + ",0)")
                .update();
    }

    private long count(Connection connection, String column, LocalDate before) throws SQLException {
        return Query.of(connection, "SELECT count(*)" + older(column), before).number();
    }

    // A point in time is compared with the beginning of the day in the session's zone, which is UTC.
    private String older(String column) {
        return " FROM " + table + " WHERE " + Identifiers.quoted(column) + " OPERATOR(pg_catalog.<) ?::pg_catalog.date";
    }

    private long undated(Connection connection, String column) throws SQLException {
        String sql = "SELECT count(*) FROM " + table + " WHERE " + Identifiers.quoted(column) + " IS NULL";
        return Query.of(connection, sql).number();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException(Kind.TRANSIENT, "interrupted; run again to continue");
        }
    }

    /**
     * @param rows deleted, those of dropped partitions included
     * @param partitions dropped
     * @param undated rows that stay because their column is NULL
     */
    public record Retained(long rows, long partitions, long undated) {}
}
