package dev.sluice.console;

import static dev.sluice.console.MadeUpJson.object;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Quarantine, table, keys, audit, doctor and settings as a worker would answer them. */
final class MadeUpPages {

    private static final Instant NOW = MadeUpFigures.NOW;

    private MadeUpPages() {}

    static Object reasons(Scene scene) {
        if (!scene.quarantined()) {
            return object("total", 0, "reasons", List.of());
        }
        int more = scene == Scene.HUGE ? 70_365 : 0;
        return object(
                "total",
                3 + more,
                "reasons",
                List.of(
                        reason("missing", "user_id", 2 + more, 7_200, 300),
                        reason("invalid-ip", "masked_ip", 1, 1_200, 1_200)));
    }

    private static Object reason(String reason, String field, int count, long first, long last) {
        return object(
                "reason",
                reason,
                "field",
                field,
                "detail",
                reason.equals("missing")
                        ? "the field is required, and absent or null"
                        : "an IPv4 address of four decimal octets, or an IPv6 address, was expected",
                "count",
                count,
                "first_at",
                NOW.minusSeconds(first),
                "last_at",
                NOW.minusSeconds(last));
    }

    static Object quarantine(Scene scene, Map<String, String> query) {
        List<Object> records = new ArrayList<>();
        long before = Long.parseLong(query.getOrDefault("before", "1000"));
        int n = !scene.quarantined() ? 0 : scene == Scene.HUGE ? 50 : 3;
        for (int i = 1; i <= n; i++) {
            boolean ip = i % 3 == 0;
            String wanted = query.getOrDefault("reason", "");
            if (wanted.isEmpty() || wanted.equals(ip ? "invalid-ip" : "missing")) {
                records.add(quarantined(before - i, ip, i));
            }
        }
        return object("records", records, "next_before", scene == Scene.HUGE && before > 900 ? before - n : null);
    }

    private static Object quarantined(long id, boolean ip, int i) {
        return object(
                "id",
                id,
                "pipeline",
                "user-logins",
                "pipeline_version",
                "5f0c11d2",
                "reason",
                ip ? "invalid-ip" : "missing",
                "field",
                ip ? "ip" : "user_id",
                "detail",
                ip
                        ? "an IPv4 address of four decimal octets, or an IPv6 address, was expected"
                        : "the field is required, and absent or null",
                "sqlstate",
                null,
                "message_id",
                new UUID(0x9b4d_87b8_0000_4000L + i, 0x8000_0000_0000_0000L + id).toString(),
                "record_index",
                0,
                "sent_at",
                NOW.minusSeconds(301L * i),
                "quarantined_at",
                NOW.minusSeconds(300L * i),
                "original_bytes",
                412 + i,
                "replayed_at",
                null);
    }

    static int selected(Scene scene, String reason) {
        int all = scene.quarantined() ? 3 : 0;
        return reason.isEmpty() ? all : Math.min(all, reason.equals("missing") ? 2 : 1);
    }

    static Object plan(Scene scene, String reason) {
        return object("count", selected(scene, reason), "pipeline", "user-logins", "pipeline_version", "7ae21b90");
    }

    static Object table(Scene scene) {
        List<Object> columns = List.of(
                column("user_id", "varchar(128)", null),
                column("device_type", "varchar(32)", null),
                column("masked_ip", "varchar(256)", "deterministic-aead"),
                column("masked_device_id", "varchar(256)", "deterministic-aead"),
                column("locale", "varchar(32)", null),
                column("app_version", "integer", null),
                column("create_date", "date", null));
        List<Object> rows = new ArrayList<>();
        Random random = new Random(11);
        for (int i = 0; i < (scene == Scene.FIRST_START ? 0 : 14); i++) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(new UUID(random.nextLong(), random.nextLong()).toString());
            row.add(i % 3 == 0 ? "iOS" : "android");
            row.add(token(i % 5, 44));
            row.add(token(100 + i % 7, 52));
            row.add(i % 4 == 0 ? null : List.of("DE", "RU", "PT", "SE").get(i % 4));
            row.add(Integer.toString(131_840 + i % 3));
            row.add("2026-03-01");
            rows.add(row);
        }
        return object("table", "events.user_logins", "columns", columns, "rows", rows);
    }

    private static Object column(String name, String type, @Nullable String masked) {
        return object("name", name, "type", type, "masked", masked);
    }

    static Object shared(Scene scene, String column) {
        List<Object> groups = new ArrayList<>();
        int[] users = {41, 17, 9, 4, 3, 2, 2};
        for (int i = 0; i < users.length && scene != Scene.FIRST_START; i++) {
            groups.add(object("token", token(200 + i, 44), "users", users[i], "rows", users[i] * 9));
        }
        List<String> columns = List.of("masked_ip", "masked_device_id");
        return object("column", column.isEmpty() ? columns.get(0) : column, "columns", columns, "groups", groups);
    }

    static Object keys(boolean counted) {
        return object(
                "keys",
                List.of(
                        key("3c1f90aa", "user-logins.ip", "primary", counted ? 1_203_173 : null),
                        key("9b4d87b8", "user-logins.ip", "enabled", counted ? 1_204 : null),
                        key("e07744d1", "user-logins.device_id", "primary", counted ? 1_204_377 : null),
                        key("11aa02c4", "user-logins.device_id", "destroyed", counted ? 0 : null)));
    }

    private static Object key(String id, String field, String state, @Nullable Integer rows) {
        return object(
                "id", id,
                "field", field,
                "kind", "deterministic-aead",
                "state", state,
                "created_at", null,
                "rows", rows,
                "rows_at", rows == null ? null : NOW);
    }

    static Object audit(Scene scene) {
        if (scene == Scene.FIRST_START) {
            return object("head", null, "entries", List.of(), "refused", List.of());
        }
        return object(
                "head", object("seq", 17, "hash", token(17, 64), "at", NOW.minusSeconds(4_000)),
                "entries",
                        List.of(
                                entry(17, "replay", "pipeline fixed", 2),
                                entry(16, "unmask", "chargeback", 1),
                                entry(15, "unmask", "chargeback", 1)),
                "refused", List.of(entry(14, "unmask", "daily limit reached", 0)));
    }

    private static Object entry(int seq, String action, String reason, int values) {
        return object(
                "seq",
                seq,
                "at",
                NOW.minusSeconds(4_000L * (18 - seq)),
                "actor",
                "sluice_unmasker",
                "user",
                "ada",
                "action",
                action,
                "reason",
                reason,
                "ticket",
                "CASE-" + seq,
                "values",
                values);
    }

    static Object doctor(Scene scene) {
        boolean down = scene == Scene.CIRCUIT_OPEN;
        return object(
                "at",
                NOW,
                "checks",
                List.of(
                        check("queue", "pass", "login-queue answers; redrive to login-queue-dlq after 5 receives"),
                        check(
                                "visibility",
                                "warn",
                                "the visibility timeout is 30 s; 60 s leaves room for a slow commit"),
                        check(
                                "database",
                                down ? "fail" : "pass",
                                down
                                        ? "PostgreSQL refuses connections (SQLSTATE 08001)"
                                        : "PostgreSQL 18.1 answers in 1 ms"),
                        check("schema", "pass", "sluice is at V19"),
                        check("keys", "pass", "the keyset has a primary key for each masked field")));
    }

    private static Object check(String name, String result, String text) {
        return object("name", name, "result", result, "text", text);
    }

    static Object settings() {
        return object(
                "settings",
                        List.of(
                                setting("queue", "login-queue", "flag --queue"),
                                setting("database.url", "(redacted)", "environment SLUICE_DATABASE_URL"),
                                setting("database.password", "(redacted)", "file of PGPASSWORD_FILE"),
                                setting("consumers", "4", "file"),
                                setting("batch.messages", "1000", "default")),
                "pipeline_yaml",
                        "pipeline: user-logins\nsource: { queue: login-queue }\nsink:   { table: user_logins }\ncolumns:\n  user_id:   { from: user_id, type: varchar(128), required: true }\n  masked_ip: { from: ip, type: varchar(256), mask: { kind: deterministic-aead, as: ip }, required: true }\n",
                "version", "0.4.0");
    }

    private static Object setting(String key, String value, String origin) {
        return object("key", key, "value", value, "origin", origin);
    }

    private static String token(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return text.substring(0, length);
    }
}
