package dev.sluice.postgres;

import dev.sluice.failure.FailPoint;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.table.Provenance;
import dev.sluice.postgres.table.RejectedRecord;
import dev.sluice.postgres.table.RowWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

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
        List<Row> rows = new ArrayList<>(records.size());
        fresh.stream().forEach(position -> {
            switch (records.get(position).outcome()) {
                case Row row -> {
                    positions.add(position);
                    rows.add(row);
                    settlements[position] = Settlement.STORED;
                }
                case Rejection rejection -> {
                    rejects.add(RejectedRecord.byMapper(provenance(records.get(position)), rejection));
                    settlements[position] = Settlement.QUARANTINED;
                }
            }
        });
        rowWriter.write(connection, rows).forEach((index, error) -> {
            int position = positions.get(index);
            rejects.add(RejectedRecord.byDatabase(provenance(records.get(position)), rows.get(index), error));
            settlements[position] = Settlement.QUARANTINED;
        });
        rejectWriter.write(connection, rejects);
        FailPoint.BEFORE_COMMIT.pass();
        return List.of(settlements);
    }

    /** Where a record came from, as the quarantine keeps it. */
    static Provenance provenance(MappedRecord mapped) {
        return new Provenance(
                mapped.message().sentAt(), mapped.index(), mapped.message().receiveCount());
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
}
