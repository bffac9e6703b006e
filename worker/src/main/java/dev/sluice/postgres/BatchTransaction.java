package dev.sluice.postgres;

import dev.sluice.failure.FailPoint;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is done within the transaction of a batch: claim the records' keys, write the rows of those that are new, and
 * quarantine the new rejects. Tells what became of each record. May be run again when it failed; one thread.
 */
final class BatchTransaction implements Database.Work<List<Settlement>> {

    private final List<MappedRecord> records;
    private final Claim claim;
    private final RowWriter rowWriter;
    private final RejectWriter rejectWriter;

    BatchTransaction(List<MappedRecord> records, Claim claim, RowWriter rowWriter, RejectWriter rejectWriter) {
        this.records = records;
        this.claim = claim;
        this.rowWriter = rowWriter;
        this.rejectWriter = rejectWriter;
    }

    @Override
    public List<Settlement> run(Connection connection) throws SQLException {
        Settlement[] settlements = new Settlement[records.size()];
        Arrays.fill(settlements, Settlement.DUPLICATE);
        BitSet fresh = claim.keysOf(connection, records);
        List<RejectedRecord> rejects = new ArrayList<>();
        List<Integer> places = new ArrayList<>(records.size());
        List<MappedRecord> rows = new ArrayList<>(records.size());
        fresh.stream().forEach(place -> {
            switch (records.get(place).outcome()) {
                case Row row -> {
                    places.add(place);
                    rows.add(records.get(place));
                    settlements[place] = Settlement.STORED;
                }
                case Rejection rejection -> {
                    rejects.add(RejectedRecord.byMapper(records.get(place), rejection));
                    settlements[place] = Settlement.QUARANTINED;
                }
            }
        });
        rowWriter.write(connection, rows).forEach((index, refusal) -> {
            int place = places.get(index);
            rejects.add(RejectedRecord.byDatabase(
                    records.get(place), records.get(place).outcome(), refusal));
            settlements[place] = Settlement.QUARANTINED;
        });
        rejectWriter.write(connection, rejects);
        FailPoint.BEFORE_COMMIT.pass();
        return List.of(settlements);
    }

    /** One of the ways to claim keys. */
    @FunctionalInterface
    interface Claim {

        /** Says which records are new, by their place. */
        BitSet keysOf(Connection connection, List<MappedRecord> records) throws SQLException;
    }

    /** What is done with records that make no row. */
    @FunctionalInterface
    interface RejectWriter {

        /** @throws LeftOnQueueException when their messages are to stay on the queue */
        void write(Connection connection, List<RejectedRecord> rejects) throws SQLException;

        /** Takes none: the transaction is rolled back. */
        static void leave(Connection connection, List<RejectedRecord> rejects) {
            if (!rejects.isEmpty()) {
                throw new LeftOnQueueException(rejects.stream()
                        .map(reject -> reject.record().message().id())
                        .collect(Collectors.toSet()));
            }
        }
    }

    /** One of the ways to write rows. */
    @FunctionalInterface
    interface RowWriter {

        /**
         * Writes the rows of records.
         *
         * @param records of which each outcome is a row
         * @return by place in {@code records}, why the database refused a row; all others are written
         */
        Map<Integer, SqlError> write(Connection connection, List<MappedRecord> records) throws SQLException;

        /** All or none: a refusal is an exception. */
        static RowWriter whole(RowCopy rowCopy) {
            return (connection, records) -> {
                if (!records.isEmpty()) {
                    rowCopy.copyAll(connection, rows(records));
                    rowCopy.requireSameTypes(connection);
                }
                return Collections.emptyMap();
            };
        }

        /** The rows of such records. */
        static List<Row> rows(List<MappedRecord> records) {
            return records.stream().map(mapped -> (Row) mapped.outcome()).toList();
        }
    }
}
