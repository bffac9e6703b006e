package dev.sluice.postgres;

import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.MappedRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;

/**
 * A key for every record ever stored or quarantined, claimed in the transaction that writes the row. Keys are always
 * claimed in one order, so that workers who hold the same messages wait for, and do not deadlock, each other. Stateless.
 */
interface Ledger {

    /** What {@link #prune} answers when there is nothing left to do. */
    long ALL = -1;

    /** @param retention for how long the queue keeps a message */
    static Ledger of(PipelineSpec spec, Duration retention) {
        return switch (spec.source().idempotencyKey()) {
            case IdempotencyKey.MessageId byMessage -> new MessageLedger(retention);
            case IdempotencyKey.Field byField -> new KeyLedger(byField.window());
            case IdempotencyKey.Content byContent -> new KeyLedger(byContent.window());
        };
    }

    /** Makes what keys of this day need. Called at start and when the day (UTC) changes. */
    void prepare(Connection connection, LocalDate today) throws SQLException;

    /**
     * Forgets keys that are too old to come again, for every pipeline of this database. Called after {@link #prepare}, in
     * transactions of its own, until it is done.
     *
     * @param from 0, then what the call before answered
     * @return where to go on, or {@link #ALL}
     */
    long prune(Connection connection, LocalDate today, long from) throws SQLException;

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
