package dev.sluice.recovery.rewrap;

import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Binding;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seals a pipeline's quarantined originals again under the primary key of the keyset {@code quarantine}, that of the
 * original's tenant if it has one, a few entries per transaction. Thread-safe.
 */
final class OriginalsRewrap {

    /** At most a few megabytes together: an original is a message body. */
    private static final int BATCH_ENTRIES = 20;

    /** Tink's output prefix: its version, then the key id. */
    private static final byte VERSION = 1;

    private static final int PREFIX_BYTES = 5;

    private final Database database;
    private final String pipeline;
    private final Keysets keysets;
    private final Sealer sealer;

    /** What an original begins with that stays as it is: each in hexadecimal. */
    private final List<String> settled;

    OriginalsRewrap(Database database, String pipeline, Keysets keysets) {
        this.database = database;
        this.pipeline = pipeline;
        this.keysets = keysets;
        this.sealer = keysets.sealer();
        Set<String> tenants = keysets.tenants();
        this.settled = keysets.list().stream()
                .filter(key -> key.field().equals(Keysets.QUARANTINE))
                // What was sealed for a destroyed tenant can never be opened.
                .filter(key -> key.primary() || (key.tenant() != null && !tenants.contains(key.tenant())))
                .map(key -> HexFormat.of().toHexDigits(VERSION) + key.hexId())
                .toList();
    }

    /**
     * Processes the next entries.
     *
     * @param after the id of the last entry processed, 0 to begin
     * @return the id to continue after; null if no entry is left
     */
    @Nullable
    Long run(long after, PassCounters counters) {
        Batch batch = database.transact("seal quarantined originals again", connection -> {
            List<SealedEntry> entries = read(connection, after);
            PassCounters ofBatch = new PassCounters(); // a failed transaction may run again
            for (SealedEntry entry : entries) {
                Refusal refusal = refusal(entry);
                byte[] sealed = refusal == null ? sealedAgain(entry) : null;
                if (sealed == null) {
                    String reason = (refusal == null ? Refusal.NOT_AUTHENTIC : refusal).label();
                    ofBatch.addUnchanged(Keysets.QUARANTINE, reason, "entry " + entry.id);
                } else {
                    ofBatch.add(1, write(connection, entry, sealed));
                }
            }
            return new Batch(entries.isEmpty() ? null : entries.get(entries.size() - 1).id, ofBatch);
        });
        counters.add(batch.counters);
        return batch.last;
    }

    private List<SealedEntry> read(Connection connection, long after) throws SQLException {
        return Query.of(
                        connection,
                        "SELECT id, message_id, original, protection FROM sluice.quarantine WHERE pipeline = ? AND id > ?"
                                + " AND encode(substring(original FROM 1 FOR " + PREFIX_BYTES + "), 'hex') <> ALL (?)"
                                + " ORDER BY id LIMIT "
                                + BATCH_ENTRIES,
                        pipeline,
                        after,
                        Query.texts(settled))
                .list(row -> new SealedEntry(
                        row.getLong(1), row.getBytes(3), new Binding(pipeline, row.getString(2), row.getString(4))));
    }

    /** Why the key id alone rules out unsealing; null if it does not. */
    private @Nullable Refusal refusal(SealedEntry entry) {
        if (entry.original.length < PREFIX_BYTES || entry.original[0] != VERSION) {
            return Refusal.MALFORMED;
        }
        int keyId = ByteBuffer.wrap(entry.original, 1, Integer.BYTES).getInt();
        return Refusal.ofKey(keyId, Keysets.QUARANTINE, keysets);
    }

    private byte @Nullable [] sealedAgain(SealedEntry entry) {
        String associatedData = entry.binding.associatedData();
        byte[] clear;
        try {
            clear = sealer.unseal(entry.original, associatedData);
        } catch (KeysException notAuthentic) {
            return null;
        }
        int keyId = ByteBuffer.wrap(entry.original, 1, Integer.BYTES).getInt();
        byte[] sealed = keysets.holding(keyId).sealer().seal(clear, 0, clear.length, associatedData);
        Arrays.fill(clear, (byte) 0);
        return sealed;
    }

    private static long write(Connection connection, SealedEntry entry, byte[] sealed) throws SQLException {
        return Query.of(
                        connection,
                        "UPDATE sluice.quarantine SET original = ? WHERE id = (SELECT id FROM sluice.quarantine"
                                + " WHERE id = ? AND original = ? FOR NO KEY UPDATE SKIP LOCKED)",
                        sealed,
                        entry.id,
                        entry.original)
                .update();
    }

    @SuppressWarnings("ArrayRecordComponent") // passed from the result set to the sealer, never compared
    private record SealedEntry(long id, byte[] original, Binding binding) {}

    private record Batch(@Nullable Long last, PassCounters counters) {}
}
