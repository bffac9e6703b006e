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

/**
 * The work within a batch's transaction: claims the records' keys, writes the rows of those that are new, quarantines the new
 * rejects, and returns each record's settlement. May run again after a failure; one thread.
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
        BitSet fresh = claim.claim(connection, records);
        List<RejectedRecord> rejects = new ArrayList<>();
        List<Integer> positions = new ArrayList<>(records.size());
        List<MappedRecord> rows = new ArrayList<>(records.size());
        fresh.stream().forEach(position -> {
            switch (records.get(position).outcome()) {
                case Row row -> {
                    positions.add(position);
                    rows.add(records.get(position));
                    settlements[position] = Settlement.STORED;
                }
                case Rejection rejection -> {
                    rejects.add(RejectedRecord.byMapper(records.get(position), rejection));
                    settlements[position] = Settlement.QUARANTINED;
                }
            }
        });
        rowWriter.write(connection, rows).forEach((index, error) -> {
            rejects.add(RejectedRecord.byDatabase(rows.get(index), error));
            settlements[positions.get(index)] = Settlement.QUARANTINED;
        });
        rejectWriter.write(connection, rejects);
        FailPoint.BEFORE_COMMIT.pass();
        return List.of(settlements);
    }

    /** One of the ways to claim keys. */
    @FunctionalInterface
    interface Claim {

        /** Returns the positions of the records that are new. */
        BitSet claim(Connection connection, List<MappedRecord> records) throws SQLException;
    }

    /** What happens to rejected records. */
    @FunctionalInterface
    interface RejectWriter {

        void write(Connection connection, List<RejectedRecord> rejects) throws SQLException;
    }

    /** One of the ways to write rows. */
    @FunctionalInterface
    interface RowWriter {

        /**
         * Writes the rows of records.
         *
         * @param records whose outcomes are all rows
         * @return by position in {@code records}, why the database rejected a row; all others are written
         */
        Map<Integer, SqlError> write(Connection connection, List<MappedRecord> records) throws SQLException;

        /** All or none: a rejection is an exception. */
        static RowWriter whole(RowCopy rowCopy) {
            return (connection, records) -> {
                if (!records.isEmpty()) {
                    rowCopy.copyAll(connection, rows(records));
                    rowCopy.requireSameTypes(connection);
                }
                return Collections.emptyMap();
            };
        }

        static List<Row> rows(List<MappedRecord> records) {
            return records.stream().map(mapped -> (Row) mapped.outcome()).toList();
        }
    }
}
