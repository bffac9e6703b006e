package dev.sluice.cli;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how long commands take on a large table, and how many blocks and rows of it they read: the tables of
 * docs/reports/large-tables.md. A program, not a test: filling the table takes minutes. Takes the number of rows, and of
 * quarantined records; uses a PostgreSQL of its own, as the tests do.
 */
final class LargeTables {

    /** Distinct tokens of each masked column: the more, the fewer rows share one. */
    private static final int ADDRESSES = 100_000;

    private static final int DEVICES = 200_000;

    /** Tokens per statement. */
    private static final int CHUNK = 20_000;

    private final Playground playground;
    private final MaskedLogins logins;

    private LargeTables(Playground playground) {
        this.playground = playground;
        this.logins = new MaskedLogins(playground);
    }

    public static void main(String[] args) throws IOException {
        Playground playground = Playground.ready(Files.createTempDirectory("sluice-large-"));
        LargeTables tables = new LargeTables(playground);
        tables.fill(Long.parseLong(args[0]));
        tables.quarantine(Long.parseLong(args[1]));
        tables.measureAll();
        System.exit(0);
    }

    private void fill(long rows) {
        long began = System.nanoTime();
        playground.execute("CREATE TABLE address (n integer PRIMARY KEY, token text)");
        playground.execute("CREATE TABLE device (n integer PRIMARY KEY, token text)");
        insert("address", ADDRESSES, n -> logins.ipToken("10." + n / 65_536 + "." + n / 256 % 256 + "." + n % 256));
        insert(
                "device",
                DEVICES,
                n -> logins.deviceToken(
                        String.format(Locale.ROOT, "%03d-%02d-%04d", n / 1_000_000, n / 10_000 % 100, n % 10_000)));
        // A third of the rows has one of the first thousand addresses: some are shared by many.
        playground.execute("INSERT INTO user_logins SELECT 'user-' || g * 7919 % 3000017, 'android', a.token, d.token,"
                + " 'RU', 20300, date '2026-01-01' + (g / 100000)::integer FROM generate_series(1::bigint, " + rows
                + ") AS g"
                + " JOIN address a ON a.n = CASE WHEN g % 3 = 0 THEN g % 1000 ELSE g * 31 % " + ADDRESSES + " END"
                + " JOIN device d ON d.n = g * 7919 % 3000017 % " + DEVICES);
        playground.execute("DROP TABLE address, device");
        playground.execute("VACUUM ANALYZE user_logins");
        System.out.printf(
                Locale.ROOT,
                "%,d rows, %s, filled in %.0f s%n",
                playground.count("user_logins"),
                playground
                        .query("SELECT pg_size_pretty(pg_relation_size('user_logins'))")
                        .getFirst(),
                (System.nanoTime() - began) / 1e9);
    }

    private void insert(String table, int count, java.util.function.IntFunction<String> token) {
        for (int from = 0; from < count; from += CHUNK) {
            List<String> values = new ArrayList<>();
            for (int n = from; n < Math.min(count, from + CHUNK); n++) {
                values.add("(" + n + ",'" + token.apply(n) + "')");
            }
            playground.execute("INSERT INTO " + table + " VALUES " + String.join(",", values));
        }
    }

    /** One record of a thousand has a rare reason; the originals bear the primary key and cannot be opened. */
    private void quarantine(long records) {
        KeyInfo key = MaskedLogins.primary(playground, Keysets.QUARANTINE);
        playground.execute("INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at,"
                + " message_id, record_index, receive_count, quarantined_at, original, original_form)"
                + " SELECT 'user-logins', '0123456789ab', CASE WHEN g % 1000 = 0 THEN 'too-long' ELSE 'invalid-ip' END,"
                + " 'masked_ip', now(), gen_random_uuid()::text, 0, 1, now() - (" + records + " - g) * interval '1 s',"
                + " '\\x01" + key.hexId() + "'::bytea || convert_to(repeat(md5(g::text), 8), 'UTF8'), 'body'"
                + " FROM generate_series(1::bigint, " + records + ") AS g");
        playground.execute("VACUUM ANALYZE sluice.quarantine");
        System.out.printf(Locale.ROOT, "%,d quarantined records%n", playground.count("sluice.quarantine"));
    }

    private void measureAll() {
        System.out.println(
                "| command | seconds | blocks of the table | rows of the table | blocks of the quarantine |");
        System.out.println("|---|---|---|---|---|");
        for (String command : List.of(
                "show",
                "show --output json",
                "duplicates --column masked_ip",
                "duplicates --column masked_device_id",
                "duplicates --sample 200000",
                "doctor",
                "run --max-batches 1 --for 1s",
                "assess --seconds 1",
                "find --ip 10.0.0.77 --reason INCIDENT --ticket CASE-1",
                "find --ip 192.0.2.7 --reason INCIDENT --ticket CASE-1",
                "export --user-id user-7919 --reason DSAR --ticket CASE-1",
                "keys list",
                "quarantine list",
                "quarantine list --limit 1000 --reason too-long",
                "quarantine list --since 2026-12-31",
                "quarantine list --since 1h",
                "quarantine stats",
                "rewrap")) {
            measure(command);
        }
    }

    /** The second of two calls: what the first one read is cached then, as in a database in use. */
    private void measure(String command) {
        playground.sluice(command.split(" "));
        long[] before = counters();
        long began = System.nanoTime();
        Ran ran = playground.sluice(command.split(" "));
        double seconds = (System.nanoTime() - began) / 1e9;
        long[] after = counters();
        System.out.printf(
                Locale.ROOT,
                "| `%s`%s | %.2f | %,d | %,d | %,d |%n",
                command,
                ran.exitCode() == 0
                        ? ""
                        : " (exit " + ran.exitCode() + " " + ran.err().strip() + ")",
                seconds,
                after[0] - before[0],
                after[1] - before[1],
                after[2] - before[2]);
    }

    private long[] counters() {
        playground.execute("SELECT pg_stat_force_next_flush()");
        return Arrays.stream(playground
                        .query("SELECT t.heap_blks_read + t.heap_blks_hit || ' ' ||"
                                + " (SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables"
                                + " WHERE relid = t.relid) || ' ' || q.heap_blks_read + q.heap_blks_hit"
                                + " FROM pg_statio_user_tables t, pg_statio_user_tables q"
                                + " WHERE t.relname = 'user_logins' AND q.relname = 'quarantine'")
                        .getFirst()
                        .split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
