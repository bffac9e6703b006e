package dev.sluice.postgres;

import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * A key for every record ever stored or quarantined, claimed in the transaction that writes the row. Keys are always
 * claimed in one order, so that workers who hold the same messages wait for, and do not deadlock, each other. Stateless.
 */
interface Ledger {

    /** What {@link #prune} answers when there is nothing left to do. */
    long ALL = -1;

    /** What {@link #prune} answers when there is nothing left but what somebody else has locked. */
    long IN_USE = -2;

    /** A day is forgotten as a whole when its last message has expired; one day more for clocks that differ. */
    int MARGIN_DAYS = 2;

    /**
     * The ledger of a pipeline. Keys of producers are kept for their window, and never for less than messages: a message
     * that waits in the queue for longer than the window is the same delivery still.
     *
     * @param retention for how long the queue keeps a message; a part of a day counts as one
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

    /** Notes for how long this pipeline needs keys, so that no worker of the database forgets them sooner. */
    void announce(Connection connection) throws SQLException;

    /**
     * Makes what keys of today and of the days around need, by the database's clock. Called at start and every hour.
     *
     * @return whether all is there; false when somebody held a lock for more than a second
     */
    boolean prepare(Connection connection) throws SQLException;

    /**
     * Forgets keys that are too old to come again, for every pipeline of this database and by its clock. Called in
     * transactions of its own until it is done.
     *
     * @param from 0, then what the call before answered
     * @return where to go on, {@link #ALL} or {@link #IN_USE}
     */
    long prune(Connection connection, long from) throws SQLException;

    /** {@link #announce}, under the name that the ledger bears in {@code sluice.ledger_horizon}. */
    static void announce(Connection connection, String ledger, int days) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT sluice.ledger_horizon(?, ?)")) {
            statement.setString(1, ledger);
            statement.setInt(2, days);
            statement.executeQuery();
        }
    }

    /**
     * Claims the keys of records that are all believed to be new.
     *
     * @return the records that are new: all of them
     * @throws Conflict when one is not; the transaction is lost
     */
    BitSet claimAll(Connection connection, List<MappedRecord> records) throws SQLException;

    /**
     * Claims the keys of those records whose keys are free. Should one come twice in a batch, only the first is new.
     *
     * @return the records that are new
     */
    BitSet claimFree(Connection connection, List<MappedRecord> records) throws SQLException;

    /** A key that was believed to be new is not. Bears nothing, is thrown once per such batch, never leaves the sink. */
    final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict() {
            super("a key of the batch is in the ledger already", null, false, false);
        }
    }
}
