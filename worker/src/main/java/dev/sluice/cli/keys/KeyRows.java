package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.app.UnknownKeys;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.postgres.KeyUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** How many rows of the pipeline's table and the quarantine carry the id of a key. */
final class KeyRows {

    /** Long enough to read the largest table. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(1);

    private static final String NO_DATABASE = "no database is set (SLUICE_DATABASE_URL, PGHOST)";

    private KeyRows() {}

    /**
     * Counts the rows of all keys, if the database can be read.
     *
     * @param report receives the reason if nothing was counted
     * @return the keys with their rows, null if they were not counted or belong to another pipeline; then the ids that rows
     *     carry and the file lacks
     */
    static List<ListedKey> count(Assembly assembly, List<KeyInfo> keys, Consumer<String> report) {
        String problem = NO_DATABASE;
        try {
            if (assembly.settings().namesDatabase()) {
                return listed(assembly, keys, assembly.keyUse(STATEMENT_TIMEOUT).count());
            }
        } catch (SettingsException e) {
            problem = e.getMessage();
        } catch (InfrastructureException e) {
            problem = e.getMessage();
        }
        report.accept("rows were not counted: " + problem);
        return keys.stream().map(ListedKey::of).toList();
    }

    private static List<ListedKey> listed(Assembly assembly, List<KeyInfo> keys, KeyUse.Counts counts) {
        List<ListedKey> listed = new ArrayList<>();
        for (KeyInfo key : keys) {
            long rows = counts.rows().getOrDefault(key.id(), 0L);
            listed.add(ListedKey.of(key, assembly.countsRowsOf(key) ? rows : null));
        }
        new TreeMap<>(UnknownKeys.unknown(counts.ofPipeline(), keys))
                .forEach((id, rows) -> listed.add(ListedKey.missing(id, rows)));
        return listed;
    }

    /**
     * Proves that no row carries the key's id. An idempotency key's hashes carry none, and nobody reads them back.
     *
     * @throws KeysException if there are such rows, or they cannot be counted
     */
    static void requireNone(Assembly assembly, KeyInfo key) {
        if (key.field().equals(Keysets.IDEMPOTENCY)) {
            return;
        }
        if (!assembly.countsRowsOf(key)) {
            throw uncounted(key, "its field belongs to another pipeline; name that with --pipeline");
        }
        if (!assembly.settings().namesDatabase()) {
            throw uncounted(key, NO_DATABASE);
        }
        long rows = assembly.keyUse(STATEMENT_TIMEOUT).count().rows().getOrDefault(key.id(), 0L);
        if (rows > 0) {
            throw new KeysException(rows + " rows carry key " + key.hexId() + " of " + key.keyset()
                    + " and could never be read again: rewrap them first, or add --even-if-used");
        }
    }

    private static KeysException uncounted(KeyInfo key, String why) {
        return new KeysException(
                "rows that carry key " + key.hexId() + " cannot be counted: " + why + ", or add --even-if-used");
    }
}
