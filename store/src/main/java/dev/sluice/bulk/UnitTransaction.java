package dev.sluice.bulk;

import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.postgres.db.SqlError;
import dev.sluice.postgres.table.Provenance;
import dev.sluice.postgres.table.QuarantineWriter;
import dev.sluice.postgres.table.RejectedRecord;
import dev.sluice.postgres.table.RowWriter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One unit within its transaction: read, map, write, a chunk at a time; its row in the ledger last. Used once. */
final class UnitTransaction {

    /** So many records, or bytes, are in memory at once: enough for COPY, little for the heap. */
    private static final int CHUNK_RECORDS = 5_000;

    private static final int CHUNK_BYTES = 4 * 1024 * 1024;

    private final Connection connection;
    private final long dataset;
    private final Unit unit;
    private final Instant sentAt;
    private final Mapper mapper;
    private final RowWriter rowWriter;
    private final QuarantineWriter quarantineWriter;
    private UnitCounts counts = UnitCounts.NONE;

    UnitTransaction(
            Connection connection,
            long dataset,
            Unit unit,
            Instant sentAt,
            Mapper mapper,
            RowWriter rowWriter,
            QuarantineWriter quarantineWriter) {
        this.connection = connection;
        this.dataset = dataset;
        this.unit = unit;
        this.sentAt = sentAt;
        this.mapper = mapper;
        this.rowWriter = rowWriter;
        this.quarantineWriter = quarantineWriter;
    }

    /**
     * Loads the unit's lines; the caller writes the ledger and commits.
     *
     * @param advanced called after each chunk that was read and written
     */
    UnitCounts load(UnitRecords.Source source, Runnable advanced)
            throws IOException, SQLException, UnreadableFileException {
        try (UnitRecords records = source.open(unit)) {
            boolean isMore = true;
            while (isMore) {
                isMore = loadChunk(records);
                advanced.run();
            }
            return counts.plus(new UnitCounts(records.count(), 0, 0, 0));
        }
    }

    /** Whether there may be more. */
    private boolean loadChunk(UnitRecords records) throws IOException, SQLException, UnreadableFileException {
        Mapper.Batch batch = mapper.begin();
        List<Row> rows = new ArrayList<>();
        List<Provenance> provenances = new ArrayList<>();
        List<RejectedRecord> rejects = new ArrayList<>();
        long bytes = 0;
        boolean isMore = true;
        while (bytes < CHUNK_BYTES && rows.size() + rejects.size() < CHUNK_RECORDS) {
            byte[] line = records.next();
            if (line == null) {
                isMore = false;
                break;
            }
            if (isBlank(line)) {
                continue;
            }
            bytes += line.length;
            String id = unit.file().path() + "#" + records.position();
            Mapper.Unpacked unpacked = batch.unpack(id, sentAt, line, Attributes.NONE);
            Provenance.Line source = new Provenance.Line(dataset, unit.number(), records.count());
            int index = 0;
            for (Outcome outcome : unpacked.map()) {
                Provenance provenance = new Provenance(sentAt, index++, 1, source);
                if (outcome instanceof Row row) {
                    rows.add(row);
                    provenances.add(provenance);
                } else {
                    rejects.add(RejectedRecord.byMapper(provenance, (Rejection) outcome));
                }
            }
        }
        batch.mask();
        Map<Integer, SqlError> refused = rowWriter.write(connection, rows);
        refused.forEach((index, error) ->
                rejects.add(RejectedRecord.byDatabase(provenances.get(index), rows.get(index), error)));
        quarantineWriter.insertAll(connection, rejects);
        counts = counts.plus(new UnitCounts(
                0,
                (long) rows.size() + rejects.size() - refused.size(),
                (long) rows.size() - refused.size(),
                rejects.size()));
        return isMore;
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }
}
