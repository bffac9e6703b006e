package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.app.Assembly;
import dev.sluice.http.Request;
import dev.sluice.keys.KeyInfo;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.KeyUse.Counts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of the keyset file, without their bytes, and how many rows each has made. */
final class KeysView {

    static final String REMEDY =
            "Counting the rows of keys needs a login with the role sluice_recovery or sluice_operator;"
                    + " set SLUICE_CONSOLE_DATABASE_URL to one (docs/roles.md)";

    /** Reading an encrypted keyset file calls the KMS. */
    private static final Duration KEYS_FRESH = Duration.ofSeconds(30);

    /** A sample takes a fraction of a second; needs are asked for every few seconds. */
    private static final Duration SAMPLE_FRESH = Duration.ofMinutes(1);

    private static final Duration COUNTING = Duration.ofSeconds(5);

    private final ConsoleDatabase database;
    private final Assembly assembly;
    private final InstantSource clock;
    private final Remembered<List<KeyInfo>> keys;
    private final Remembered<Map<Integer, Long>> sample;
    private volatile @Nullable Counted counted;

    KeysView(ConsoleDatabase database, Assembly assembly, InstantSource clock) {
        this.database = database;
        this.assembly = assembly;
        this.clock = clock;
        this.keys = new Remembered<>(KEYS_FRESH, clock, () -> assembly.keysets().list());
        this.sample = new Remembered<>(
                SAMPLE_FRESH,
                clock,
                () -> database.inTurn(() -> assembly.keyUseForConsole(COUNTING).sample()));
    }

    JsonLine keys(Request request, Caller caller) {
        List<KeyInfo> known = keys.get();
        if (Parameters.ofQuery(request, "count").isTrue("count")) {
            Counts counts =
                    database.inTurn(() -> assembly.keyUseForConsole(COUNTING).count());
            counted = new Counted(counts.rows(), clock.instant());
        }
        Counted rows = counted;
        return new JsonLine()
                .put("keys", known.stream().map(key -> json(key, rows)).toList());
    }

    private JsonLine json(KeyInfo key, @Nullable Counted counts) {
        Counted own = assembly.countsRowsOf(key) ? counts : null;
        return new JsonLine()
                .put("id", key.hexId())
                .put("field", key.keyset())
                .put("kind", key.kind().label())
                .put("state", key.primary() ? "primary" : key.status().label())
                .put("created_at", null) // a keyset file does not say
                .put("rows", own == null ? null : own.rows.getOrDefault(key.id(), 0L))
                .put("rows_at", own == null ? null : own.at);
    }

    /** Keys that are no longer primary and still in a sample of the rows. */
    List<KeyInfo> stillInUse() {
        Map<Integer, Long> rows = sample.get();
        return keys.get().stream()
                .filter(key -> !key.primary() && assembly.countsRowsOf(key) && rows.containsKey(key.id()))
                .toList();
    }

    /** @param at when they were counted */
    private record Counted(Map<Integer, Long> rows, Instant at) {}
}
