package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.postgres.db.CopyBuffer;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * A key for every record ever stored or quarantined, claimed in the transaction that writes the row. Keys are always claimed
 * in the same order, so that workers with the same messages wait for each other and do not deadlock. Stateless.
 */
interface Ledger {

    /** {@link #prune} is complete. */
    long ALL = -1;

    /** {@link #prune} is complete except for what another session has locked. */
    long IN_USE = -2;

    /** A day's keys are deleted when its last message has expired; one more day allows for clock skew. */
    int MARGIN_DAYS = 2;

    /**
     * The ledger of a pipeline. Producers' keys are kept for their window, and at least for as long as messages: a message
     * that waits in the queue for longer than the window is still the same delivery.
     *
     * @param retention for how long the queue keeps a message; a part of a day counts as a day
     */
    static Ledger of(PipelineSpec spec, Duration retention) {
        int messageDays = Math.toIntExact(retention.plusDays(1).minusNanos(1).toDays()) + MARGIN_DAYS;
        return switch (spec.source().idempotencyKey()) {
            case IdempotencyKey.MessageId byMessage -> new MessageLedger(messageDays);
            case IdempotencyKey.Field byField -> byKey(byField.window(), messageDays);
            case IdempotencyKey.Content byContent -> byKey(byContent.window(), messageDays);
        };
    }

    private static KeyLedger byKey(Duration window, int messageDays) {
        return new KeyLedger(Math.max(Math.toIntExact(window.toDays()), messageDays));
    }

    /** Records for how long this pipeline needs keys, so that no worker of the database deletes them sooner. */
    void announce(Connection connection) throws SQLException;

    /**
     * Creates the partitions that keys need from now on, by the database's clock. Called at start and every hour.
     *
     * @return whether all exist; false when another session held a lock for more than a second
     */
    boolean prepare(Connection connection) throws SQLException;

    /**
     * Deletes keys that are too old to be delivered again, for every pipeline of this database and by its clock. Called in one
     * transaction after another until it is complete.
     *
     * @param from 0, then the result of the previous call
     * @return where to continue, {@link #ALL} or {@link #IN_USE}
     */
    long prune(Connection connection, long from) throws SQLException;

    /** {@link #announce}, under the name of the ledger for {@code sluice.ledger_horizon}. */
    static void announce(Connection connection, String ledger, int days) throws SQLException {
        Query.of(connection, "SELECT sluice.ledger_horizon(?, ?)", ledger, days).hasRow();
    }

    /**
     * Claims the keys of records that are all expected to be new.
     *
     * @return the records that are new: all of them
     * @throws Conflict when one is not; the transaction has failed
     */
    BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException;

    /**
     * Claims the keys that are free. When a key occurs twice in a batch, only the first record is new.
     *
     * @return the records that are new
     */
    BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException;

    /**
     * Claims keys by COPY: all of them, or none.
     *
     * @param keys one row per key
     * @return as many bits as keys
     * @throws Conflict when a key is taken; the transaction has failed
     */
    static BitSet copyAll(Connection connection, CopyBuffer keys, String sql) throws SQLException {
        long taken;
        try {
            taken = keys.copyTo(connection, sql);
        } catch (SQLException e) {
            if (DatabaseFailures.state(e).equals(DatabaseFailures.UNIQUE_VIOLATION)) {
                throw new Conflict();
            }
            throw e;
        }
        if (taken != keys.rows()) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "the ledger took fewer keys than it was given (a trigger or rule on it?); nothing was stored");
        }
        BitSet all = new BitSet(keys.rows());
        all.set(0, keys.rows());
        return all;
    }

    /** A key that was expected to be new is in the ledger. Never leaves the sink. */
    final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict() {
            super("a key of the batch is in the ledger already", null, false, false);
        }
    }
}
