package dev.sluice.recovery.rewrap;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Binding;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.postgres.db.Database;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Seals a pipeline's quarantined originals anew that were sealed under another key than the primary one of the keyset
 * {@code quarantine}, a few entries a transaction. Thread-safe.
 */
final class OriginalsRewrap {

    /** Together a few megabytes at the most: an original is a message's body. */
    private static final int BATCH_ENTRIES = 20;

    /** Tink's output prefix: its version, then the key's id. */
    private static final byte VERSION = 1;

    private static final int PREFIX_BYTES = 5;

    private final Database database;
    private final String pipeline;
    private final Keysets keysets;
    private final Sealer sealer;
    private final byte[] primaryPrefix;

    OriginalsRewrap(Database database, String pipeline, Keysets keysets, KeyInfo primary) {
        this.database = database;
        this.pipeline = pipeline;
        this.keysets = keysets;
        this.sealer = keysets.sealer();
        this.primaryPrefix = ByteBuffer.allocate(PREFIX_BYTES)
                .put(VERSION)
                .putInt(primary.id())
                .array();
    }

    /**
     * Goes on behind an entry.
     *
     * @param after its id, 0 to begin
     * @return the id to go on behind; null when no entry is left
     */
    @Nullable
    Long run(long after, PassCounters tally) {
        Done done = database.transact("seal quarantined originals anew", connection -> {
            List<Sealed> found = look(connection, after);
            List<Kept> kept = new ArrayList<>();
            int renewable = 0;
            int written = 0;
            for (Sealed sealed : found) {
                Refusal refusal = refusal(sealed);
                byte[] renewed = refusal == null ? renew(sealed) : null;
                if (renewed == null) {
                    kept.add(new Kept(sealed.id, refusal == null ? Refusal.NOT_AUTHENTIC : refusal));
                } else {
                    renewable++;
                    written += write(connection, sealed, renewed);
                }
            }
            return new Done(found.isEmpty() ? null : found.getLast().id, renewable, written, kept);
        });
        tally.add(done.renewable, done.written);
        done.kept.forEach(kept -> tally.keep(Keysets.QUARANTINE, KeyReplacement.label(kept.why), "entry " + kept.id));
        return done.last;
    }

    private List<Sealed> look(Connection connection, long after) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT id, message_id, original, protection FROM sluice.quarantine WHERE pipeline = ? AND id > ?"
                        + " AND substring(original FROM 1 FOR " + PREFIX_BYTES + ") <> ? ORDER BY id LIMIT ?")) {
            statement.setString(1, pipeline);
            statement.setLong(2, after);
            statement.setBytes(3, primaryPrefix);
            statement.setInt(4, BATCH_ENTRIES);
            ResultSet found = statement.executeQuery();
            List<Sealed> entries = new ArrayList<>();
            while (found.next()) {
                entries.add(new Sealed(
                        found.getLong(1),
                        found.getBytes(3),
                        new Binding(pipeline, found.getString(2), found.getString(4))));
            }
            return entries;
        }
    }

    /** What the key's id alone says against it; null for nothing. */
    private @Nullable Refusal refusal(Sealed sealed) {
        if (sealed.original.length < PREFIX_BYTES || sealed.original[0] != VERSION) {
            return Refusal.MALFORMED;
        }
        KeyInfo key = keysets.find(
                        ByteBuffer.wrap(sealed.original, 1, Integer.BYTES).getInt())
                .orElse(null);
        if (key == null) {
            return Refusal.UNKNOWN_KEY;
        }
        if (!key.field().equals(Keysets.QUARANTINE)) {
            return Refusal.OTHER_FIELD;
        }
        return key.status() == KeyInfo.Status.ENABLED ? null : Refusal.KEY_NOT_ENABLED;
    }

    private byte @Nullable [] renew(Sealed sealed) {
        String associatedData = sealed.binding.associatedData();
        byte[] clear;
        try {
            clear = sealer.unseal(sealed.original, associatedData);
        } catch (KeysException notAuthentic) {
            return null;
        }
        byte[] renewed = sealer.seal(clear, 0, clear.length, associatedData);
        Arrays.fill(clear, (byte) 0);
        return renewed;
    }

    private static int write(Connection connection, Sealed sealed, byte[] renewed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE sluice.quarantine SET original = ? WHERE id = (SELECT id FROM sluice.quarantine"
                        + " WHERE id = ? AND original = ? FOR NO KEY UPDATE SKIP LOCKED)")) {
            statement.setBytes(1, renewed);
            statement.setLong(2, sealed.id);
            statement.setBytes(3, sealed.original);
            return statement.executeUpdate();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed from the result set to the sealer, never compared
    private record Sealed(long id, byte[] original, Binding binding) {}

    private record Kept(long id, Refusal why) {}

    private record Done(@Nullable Long last, int renewable, int written, List<Kept> kept) {}
}
