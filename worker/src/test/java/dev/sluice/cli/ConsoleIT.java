package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Canary;
import dev.sluice.embedded.PostgresServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String USER = "user-4711-canary";
    private static final String IP = "198.18.47.11";
    private static final String DEVICE = "471-14-7114";

    private static final List<String> READING = List.of(
            "/api/me",
            "/api/status",
            "/api/history",
            "/api/history?span=day",
            "/api/needs",
            "/api/quarantine/reasons",
            "/api/quarantine",
            "/api/quarantine/replay-plan?reason=missing",
            "/api/table",
            "/api/shared?column=masked_ip",
            "/api/keys",
            "/api/keys?count=true",
            "/api/audit",
            "/api/settings");

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    private void store(String... bodies) {
        playground.send(List.of(bodies));
        playground.drain();
    }

    @Test
    void answersWithTheMembersOfTheContract() {
        store(
                Events.login("user-1", IP, DEVICE),
                Events.login("user-2", IP, DEVICE),
                Events.login("user-3", "not an address", DEVICE));
        try (ConsolePort console = ConsolePort.open(playground)) {
            assertThat(console.document("/api/me"))
                    .isEqualTo(Map.of("role", "operator", "authentication", "token", "replay", true));
            assertThat(console.document("/api/status")).containsEntry("pipeline", "user-logins");
            assertThat(console.document("/api/history")).containsEntry("step_seconds", 5L);
            assertThat(ConsolePort.list(console.document("/api/needs"), "items"))
                    .contains(Map.of(
                            "level", "warn",
                            "text", "1 quarantined: invalid-ip masked_ip (1)",
                            "view", "quarantine",
                            "count", 1L));

            Map<String, Object> reasons = console.document("/api/quarantine/reasons");
            assertThat(reasons).containsEntry("total", 1L);
            assertThat(ConsolePort.list(reasons, "reasons").getFirst())
                    .containsOnlyKeys("reason", "field", "detail", "count", "first_at", "last_at")
                    .containsEntry("reason", "invalid-ip");

            assertThat(ConsolePort.list(console.document("/api/quarantine"), "records")
                            .getFirst())
                    .containsOnlyKeys(
                            "id",
                            "pipeline",
                            "pipeline_version",
                            "reason",
                            "field",
                            "detail",
                            "sqlstate",
                            "message_id",
                            "record_index",
                            "sent_at",
                            "quarantined_at",
                            "original_bytes",
                            "replayed_at");
            assertThat(console.document("/api/quarantine/replay-plan?reason=invalid-ip"))
                    .containsOnlyKeys("count", "pipeline", "pipeline_version")
                    .containsEntry("count", 1L);

            Map<String, Object> table = console.document("/api/table");
            assertThat(ConsolePort.list(table, "columns"))
                    .contains(Map.of("name", "masked_ip", "type", "varchar(256)", "masked", "deterministic-aead"));
            assertThat(((List<?>) table.get("rows"))).hasSize(2);
            Map<String, Object> shared = console.document("/api/shared?column=masked_device_id");
            assertThat(ConsolePort.list(shared, "groups").getFirst())
                    .containsOnlyKeys("token", "users", "rows")
                    .containsEntry("users", 2L);

            assertThat(ConsolePort.list(console.document("/api/keys?count=true"), "keys"))
                    .allSatisfy(key -> assertThat(key)
                            .containsOnlyKeys("id", "field", "kind", "state", "created_at", "rows", "rows_at"))
                    .anySatisfy(key -> assertThat(key)
                            .containsEntry("field", "user-logins.masked_ip")
                            .containsEntry("state", "primary")
                            .containsEntry("rows", 2L));
            assertThat(console.document("/api/audit")).containsOnlyKeys("head", "entries", "refused");
            assertThat(console.document("/api/settings")).containsOnlyKeys("settings", "pipeline_yaml", "version");

            Map<String, Object> doctor = ConsolePort.document(console.post("/api/doctor", "{}"));
            assertThat(ConsolePort.list(doctor, "checks"))
                    .allSatisfy(check -> assertThat(check).containsOnlyKeys("name", "result", "text"))
                    .anySatisfy(check ->
                            assertThat(check).containsEntry("name", "keys").containsEntry("result", "pass"));
        }
    }

    @Test
    void neverShowsAValueThatWasMaskedNorAPassword() {
        store(
                Events.login(USER, IP, DEVICE),
                Events.login(USER, "bad" + IP, DEVICE),
                "{\"foo\":\"" + USER + "\",\"ip\":\"" + IP + "\"}");
        try (ConsolePort console = ConsolePort.open(playground)) {
            List<String> answers = new ArrayList<>(
                    READING.stream().map(path -> console.get(path).body()).toList());
            answers.add(console.get("/").body());
            answers.add(console.post("/api/doctor", "{}").body());
            answers.add(console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":2,\"reason\":\"\"}")
                    .body());

            String password = playground.databaseUrl.split("[:@]", -1)[2];
            assertThat(answers).allSatisfy(answer -> {
                assertThat(new Canary(IP).isIn(answer)).as("the address").isFalse();
                assertThat(new Canary(DEVICE).isIn(answer)).as("the device").isFalse();
                assertThat(answer.contains(password)).as("the password").isFalse();
            });
            assertThat(answers.getLast()).contains("\"replayed\":2");
        }
    }

    @Test
    void namesTheRoleThatItsLoginLacksAndShowsTheRest() {
        playground.sluice("migrate", "--roles").succeeded();
        store(Events.login("user-1", IP, DEVICE));
        try (ConsolePort console = ConsolePort.as(playground.loginUrl("sluice_analyst"), playground)) {
            assertThat(console.get("/api/table").statusCode()).isEqualTo(200);
            for (String path :
                    List.of("/api/quarantine", "/api/quarantine/reasons", "/api/audit", "/api/keys?count=true")) {
                HttpResponse<String> refused = console.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(403);
                assertThat(refused.body()).contains("sluice_recovery", "SLUICE_CONSOLE_DATABASE_URL");
            }
            HttpResponse<String> replay =
                    console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":1}");
            assertThat(replay.statusCode()).as(replay.body()).isEqualTo(403);
            assertThat(replay.body()).contains("sluice_operator");
        }
    }

    @Test
    void answersEveryPageWithoutADatabase() {
        try (ConsolePort console = ConsolePort.as("postgresql://nobody@localhost:1/none", playground)) {
            for (String path : READING) {
                HttpResponse<String> answer = console.get(path);
                boolean reads = path.matches(".*(quarantine|table|shared|audit|count).*");
                assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(reads ? 503 : 200);
            }
            assertThat(console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":1}")
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void pagesThroughAHugeQuarantineAndReplaysNoneOfItAtOnce() {
        store(Events.BAD);
        playground.execute("INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at,"
                + " message_id, record_index, receive_count, original, original_form, protection)"
                + " SELECT pipeline, pipeline_version, reason, column_name, sent_at, 'm' || n, 0, 1, original,"
                + " original_form, protection FROM sluice.quarantine, generate_series(1, 100000) AS n");
        try (ConsolePort console = ConsolePort.open(playground)) {
            Map<String, Object> first = console.document("/api/quarantine?limit=200&reason=missing");
            List<Map<String, Object>> records = ConsolePort.list(first, "records");
            assertThat(records).hasSize(200);
            assertThat(first).containsEntry("next_before", records.getLast().get("id"));
            Map<String, Object> second =
                    console.document("/api/quarantine?limit=200&before=" + first.get("next_before"));
            assertThat((Long) ConsolePort.list(second, "records").getFirst().get("id"))
                    .isLessThan((Long) records.getLast().get("id"));

            assertThat(console.document("/api/quarantine/reasons"))
                    .containsEntry("total", 100_000L)
                    .containsEntry("newest_only", true);
            assertThat(console.get("/api/quarantine/replay-plan").body()).contains("More than 10000 records match");
            assertThat(console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":100001}")
                            .body())
                    .contains("More than 10000 records match");
        }
        assertThat(playground.query("SELECT action FROM sluice.audit")).doesNotContain("replay-begin");
    }

    @Test
    void refusesWhatIsNotAParameterOfItsForm() {
        try (ConsolePort console = ConsolePort.open(playground)) {
            for (String path : List.of(
                    "/api/quarantine?limit=0",
                    "/api/quarantine?limit=201",
                    "/api/quarantine?limit=-1",
                    "/api/quarantine?before=x",
                    "/api/quarantine?before=99999999999999999999",
                    "/api/quarantine?from=yesterday",
                    "/api/quarantine?from=2026-03-02&to=2026-03-01",
                    "/api/quarantine?reason=%27%20OR%20true",
                    "/api/quarantine?reson=missing",
                    "/api/quarantine/replay-plan?id=1",
                    "/api/shared?column=user_id",
                    "/api/table?limit=1e3",
                    "/api/keys?count=maybe",
                    "/api/history?span=week",
                    "/api/me?x=y")) {
                assertThat(console.get(path).statusCode()).as(path).isEqualTo(400);
            }
            for (String body : List.of(
                    "",
                    "[]",
                    "{",
                    "{\"ticket\":\"CASE-7\"}",
                    "{\"confirm\":1}",
                    "{\"ticket\":\"CASE-7\",\"confirm\":\"1\"}",
                    "{\"ticket\":\"CASE-7\",\"confirm\":1.5}",
                    "{\"ticket\":\"CASE-7\",\"confirm\":-1}",
                    "{\"ticket\":\"198.18.0.1\",\"confirm\":1}",
                    "{\"ticket\":[\"CASE-7\"],\"confirm\":1}",
                    "{\"ticket\":\"CASE-7\",\"confirm\":1,\"resaon\":\"missing\"}",
                    "{\"ticket\":\"CASE-7\",\"confirm\":1,\"reason\":7}")) {
                assertThat(console.post("/api/quarantine/replay", body).statusCode())
                        .as(body)
                        .isEqualTo(400);
            }
            assertThat(console.get("/api/quarantine?limit=0").body())
                    .isEqualTo("{\"error\":\"limit must be from 1 to 200.\",\"field\":\"limit\"}");
        }
    }

    @Test
    void replaysOnlyTheConfirmedNumberAndAuditsWhoAsked() {
        playground.execute("ALTER TABLE user_logins ADD CONSTRAINT none CHECK (locale <> 'RU') NOT VALID");
        store(Events.login("user-1", IP, DEVICE), Events.login("user-2", IP, DEVICE));
        playground.execute("ALTER TABLE user_logins DROP CONSTRAINT none");
        try (ConsolePort console = ConsolePort.open(playground)) {
            HttpResponse<String> other =
                    console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":1}");
            assertThat(other.statusCode()).isEqualTo(400);
            assertThat(other.body()).contains("\"field\":\"confirm\"", "2 match now");
            assertThat(playground.count("user_logins")).isZero();
            assertThat(playground.query("SELECT action FROM sluice.audit")).doesNotContain("replay-begin");

            Map<String, Object> replayed = ConsolePort.document(
                    console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":2}"));
            assertThat(replayed)
                    .containsEntry("replayed", 2L)
                    .containsEntry("stored", 2L)
                    .containsEntry("rejected", 0L)
                    .containsKey("audit_seq");
            assertThat(playground.count("user_logins")).isEqualTo(2);
            assertThat(playground.query(
                            "SELECT os_user || ' ' || ticket FROM sluice.audit WHERE action = 'replay-begin'"))
                    .containsExactly("ada@console CASE-7");
            assertThat(ConsolePort.list(console.document("/api/audit"), "entries")
                            .getLast())
                    .containsEntry("seq", replayed.get("audit_seq"))
                    .containsEntry("action", "replay-begin");
        }
    }

    @Test
    void replaysOneSelectionAtATime() throws Exception {
        store(Events.BAD);
        try (ConsolePort console = ConsolePort.open(playground);
                Connection other = DriverManager.getConnection(PostgresServer.jdbcUrl(playground.databaseUrl));
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE sluice.quarantine IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(
                    () -> console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-7\",\"confirm\":1}"));
            await().atMost(PATIENCE).until(() -> !playground
                    .query("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = current_database()")
                    .isEmpty());

            HttpResponse<String> second =
                    console.post("/api/quarantine/replay", "{\"ticket\":\"CASE-8\",\"confirm\":1}");
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).contains("Another replay is running");

            other.rollback();
            assertThat(ConsolePort.document(first.get())).containsEntry("replayed", 1L);
        }
    }

    @Test
    void showsTheLatestRowsFirst() {
        for (String user : List.of("user-1", "user-2", "user-3")) {
            store(Events.login(user, IP, DEVICE));
        }
        try (ConsolePort console = ConsolePort.open(playground)) {
            List<?> rows = (List<?>)
                    requireNonNull(console.document("/api/table?limit=2").get("rows"));
            assertThat(rows.stream().map(row -> ((List<?>) row).getFirst())).isEqualTo(List.of("user-3", "user-2"));
        }
    }

    @Test
    void showsNumbersAndJsonAsTheyAreStoredAndCountsRowsWhereNoColumnNamesUsers() {
        playground.set(
                "SLUICE_PIPELINE",
                playground
                        .write(
                                "p.yaml",
                                """
                                pipeline: clicks
                                source: { queue: q }
                                sink: { table: clicks }
                                columns:
                                  id: { from: id, type: bigint, required: true }
                                  price: { from: price, type: "numeric(12,2)" }
                                  tags: { from: tags, type: jsonb }
                                  who: { from: who, type: varchar(256), mask: { kind: deterministic-aead } }
                                """)
                        .toString());
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        String event = "{\"id\":9007199254740993,\"price\":64,\"tags\":{\"a\":[1]},\"who\":\"eve\"}";
        store(event, event);
        try (ConsolePort console = ConsolePort.open(playground)) {
            List<?> rows =
                    (List<?>) requireNonNull(console.document("/api/table").get("rows"));
            assertThat(((List<?>) rows.getFirst()).subList(0, 3))
                    .isEqualTo(List.of("9007199254740993", "64.00", "{\"a\": [1]}"));
            assertThat(ConsolePort.list(console.document("/api/shared"), "groups"))
                    .singleElement()
                    .satisfies(group ->
                            assertThat(group).containsEntry("users", null).containsEntry("rows", 2L));
        }
    }

    @Test
    void servesThePageAndItsFilesAndNothingElse() {
        try (ConsolePort console = ConsolePort.open(playground)) {
            HttpResponse<String> page = console.get("/");
            assertThat(page.body()).contains("<th scope=\"row\">Pipeline</th><td>user-logins</td>");
            assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");

            HttpResponse<String> charts = console.get("/assets/chart.js");
            assertThat(charts.statusCode()).isEqualTo(200);
            assertThat(charts.body()).contains("Chart.js v");
            String tag = charts.headers().firstValue("ETag").orElseThrow();
            assertThat(console.get("/assets/chart.js", "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(charts.headers().firstValue("Content-Encoding")).isEmpty();
            HttpResponse<String> packed = console.get("/assets/chart.js", "Accept-Encoding", "br, gzip");
            assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(packed.headers().firstValue("ETag"))
                    .isPresent()
                    .isNotEqualTo(charts.headers().firstValue("ETag"));
            assertThat(console.get("/assets/chart.js", "Accept-Encoding", "gzip;q=0")
                            .headers()
                            .firstValue("Content-Encoding"))
                    .isEmpty();
            Arrays.stream(new String[] {
                        "/assets/none.js",
                        "/assets/",
                        "/assets/index.html",
                        "/assets/..%2findex.html",
                        "/assets/package-info.class",
                        "/assets/%2e%2e/%2e%2e/Main.class"
                    })
                    .forEach(path ->
                            assertThat(console.get(path).statusCode()).as(path).isIn(400, 404));
        }
    }

    @Test
    void hidesSecretsAndTheTestsOfThePipeline() {
        playground.set(
                "SLUICE_PIPELINE",
                playground
                        .write(
                                "p.yaml",
                                """
                                pipeline: clicks
                                source: { queue: q }
                                sink: { table: clicks }
                                columns:
                                  id: { from: id, type: bigint, required: true }
                                tests:
                                  - name: one
                                    input: { id: 4711471147 }
                                    expect: { row: { id: 4711471147 } }
                                """)
                        .toString());
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        try (ConsolePort console = ConsolePort.open(playground)) {
            HttpResponse<String> answer = console.get("/api/settings");

            assertThat(answer.body()).contains("pipeline: clicks").doesNotContain("4711471147");
            assertThat(ConsolePort.list(ConsolePort.document(answer), "settings"))
                    .contains(Map.of(
                            "key", "database.url",
                            "value", "(redacted)",
                            "origin", "environment SLUICE_DATABASE_URL"));
        }
    }
}
