package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How many rows of the pipeline's table and the quarantine carry the id of a key. */
final class KeyRows {

    /** Long enough to read the largest table. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofHours(1);

    private static final String NO_DATABASE = "no database is set (SLUICE_DATABASE_URL, PGHOST)";

    private final Assembly assembly;
    private final Optional<Map<Integer, Long>> counted;

    private KeyRows(Assembly assembly, Optional<Map<Integer, Long>> counted) {
        this.assembly = assembly;
        this.counted = counted;
    }

    /**
     * Counts the rows of all keys, if the database can be read.
     *
     * @param problem receives the reason if nothing was counted
     */
    static KeyRows count(Assembly assembly, Consumer<String> problem) {
        if (!assembly.settings().namesDatabase()) {
            problem.accept("rows were not counted: " + NO_DATABASE);
            return new KeyRows(assembly, Optional.empty());
        }
        try {
            return new KeyRows(assembly, Optional.of(rows(assembly)));
        } catch (SettingsException e) {
            problem.accept("rows were not counted: " + e.getMessage());
            return new KeyRows(assembly, Optional.empty());
        } catch (InfrastructureException e) {
            problem.accept("rows were not counted: " + e.getMessage());
            return new KeyRows(assembly, Optional.empty());
        }
    }

    /** The rows of a key; empty if they were not counted, or belong to another pipeline. */
    Optional<Long> of(KeyInfo key) {
        return counted.filter(rows -> assembly.countsRowsOf(key)).map(rows -> rows.getOrDefault(key.id(), 0L));
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
        long rows = rows(assembly).getOrDefault(key.id(), 0L);
        if (rows > 0) {
            throw new KeysException(rows + " rows carry key " + key.hexId() + " of " + key.field()
                    + " and could never be read again: rewrap them first, or add --even-if-used");
        }
    }

    private static KeysException uncounted(KeyInfo key, String why) {
        return new KeysException(
                "rows that carry key " + key.hexId() + " cannot be counted: " + why + ", or add --even-if-used");
    }

    private static Map<Integer, Long> rows(Assembly assembly) {
        return assembly.keyUse(STATEMENT_TIMEOUT).rows();
    }
}
