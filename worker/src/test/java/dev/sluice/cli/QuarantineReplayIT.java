package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.FailPoint;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineReplayIT {

    /** For two commands to get to the database, on a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        use("", "page");
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
    }

    @Test
    void storesWhatFitsTodayOnceHoweverOftenItIsCalled() {
        run("{\"id\":1,\"url\":\"a\"}", "{\"id\":\"x\",\"url\":\"b\"}", "{\"id\":3,\"page\":\"c\"}");
        use("", "url");

        assertThat(replay("--all")).isEqualTo("replayed 2 = stored 1 + duplicates 0 + rejected 1");
        assertThat(replay("--all")).isEqualTo("replayed 1 = stored 0 + duplicates 0 + rejected 1");

        assertThat(playground.query("SELECT page FROM clicks ORDER BY id")).containsExactly("a", "c");
        assertThat(playground.query("SELECT reason || ' ' || column_name FROM sluice.quarantine"))
                .containsExactly("not-a-whole-number id");
    }

    @Test
    void takesOneBodyApartAndKeepsItsBadRecords() {
        run(
                "{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"[{\\\"id\\\":1,\\\"page\\\":\\\"a\\\"},7]\"}",
                "no json");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine ORDER BY id"))
                .containsExactlyInAnyOrder("sns-envelope", "not-json");
        assertThat(replay("--reason", "not-json")).isEqualTo("replayed 1 = stored 0 + duplicates 0 + rejected 1");
        use(", unwrap: sns", "page");

        assertThat(replay("--reason", "sns-envelope")).isEqualTo("replayed 2 = stored 1 + duplicates 0 + rejected 1");

        assertThat(playground.query("SELECT page FROM clicks")).containsExactly("a");
        assertThat(playground.query("SELECT reason || ' ' || record_index FROM sluice.quarantine ORDER BY reason"))
                .containsExactly("not-an-object 1", "not-json 0");
        assertThat(playground.count("sluice.ledger")).isEqualTo(3);
    }

    @Test
    void leavesWhatTheDatabaseRefusesWithItsReasonAndTakesItLater() {
        playground.execute("ALTER TABLE clicks ADD CONSTRAINT small CHECK (id < 5)");
        run("{\"id\":1,\"page\":\"a\"}", "{\"id\":7,\"page\":\"b\"}", "{\"id\":8,\"page\":\"c\"}");
        String list = playground
                .sluice("quarantine", "list", "--output", "json")
                .succeeded()
                .out();
        assertThat(list).contains("\"sqlstate\":\"23514\",\"constraint\":\"small\"");
        assertThat(replay("--all")).isEqualTo("replayed 2 = stored 0 + duplicates 0 + rejected 2");
        playground.execute("ALTER TABLE clicks DROP CONSTRAINT small");

        String id = playground.query("SELECT min(id) FROM sluice.quarantine").getFirst();
        assertThat(replay("--id", id)).isEqualTo("replayed 1 = stored 1 + duplicates 0 + rejected 0");
        assertThat(replay("--all")).isEqualTo("replayed 1 = stored 1 + duplicates 0 + rejected 0");

        assertThat(playground.count("clicks")).isEqualTo(3);
        assertThat(playground.count("sluice.quarantine")).isZero();
    }

    @Test
    void leavesWhatATriggerDropsAndTakesItOnceTheTriggerIsGone() {
        playground.execute("CREATE FUNCTION drop_some() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RETURN CASE WHEN new.id < 5 THEN new END; END $$;"
                + " CREATE TRIGGER drops BEFORE INSERT ON clicks FOR EACH ROW EXECUTE FUNCTION drop_some()");
        run("{\"id\":1,\"page\":\"a\"}", "{\"id\":7,\"page\":\"b\"}", "{\"id\":8,\"page\":\"c\"}");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine"))
                .containsExactly("dropped-by-table", "dropped-by-table");
        assertThat(replay("--all")).isEqualTo("replayed 2 = stored 0 + duplicates 0 + rejected 2");
        playground.execute("DROP TRIGGER drops ON clicks");

        assertThat(replay("--reason", "dropped-by-table"))
                .isEqualTo("replayed 2 = stored 2 + duplicates 0 + rejected 0");

        assertThat(playground.count("clicks")).isEqualTo(3);
        assertThat(playground.count("sluice.quarantine")).isZero();
    }

    @Test
    void knowsEventThatWasSentAgainByItsOwnId() {
        use(", idempotency-key: \"field:event\"", "page");
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        run(
                "{\"id\":1,\"page\":\"a\",\"event\":\"e-1\"}",
                "{\"id\":1,\"page\":\"a\",\"event\":\"e-1\"}",
                "{\"id\":2,\"page\":\"a\",\"event\":\"e-2\"}",
                "{\"id\":3,\"url\":\"a\",\"event\":\"e-3\"}",
                "{\"id\":4,\"page\":\"a\"}");
        assertThat(playground.count("clicks")).isEqualTo(2);
        assertThat(playground.query("SELECT reason || ' ' || column_name FROM sluice.quarantine ORDER BY 1"))
                .containsExactly("missing event", "missing page");
        run("{\"id\":1,\"page\":\"a\",\"event\":\"e-1\"}");
        assertThat(playground.count("clicks")).isEqualTo(2);
        assertThat(playground.count("sluice.ledger_by_key")).isEqualTo(4);
        assertThat(playground.query("SELECT DISTINCT length(key) FROM sluice.ledger_by_key"))
                .containsExactly("16");

        use(", idempotency-key: \"field:event\"", "url");
        assertThat(replay("--all")).isEqualTo("replayed 2 = stored 1 + duplicates 0 + rejected 1");
    }

    @Test
    void collapsesByContentOnlyWhenAsked() {
        run("{\"id\":1,\"page\":\"a\"}", "{\"id\":1,\"page\":\"a\"}");
        assertThat(playground.count("clicks")).isEqualTo(2);
        use(", idempotency-key: content", "page");
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        run(
                "{\"id\":2,\"page\":\"a\"}",
                "{\"id\":2,\"page\":\"a\"}",
                "[{\"id\":2,\"page\":\"a\"},{\"id\":3,\"page\":\"a\"}]");
        assertThat(playground.query("SELECT id FROM clicks ORDER BY 1")).containsExactly("1", "1", "2", "3");
    }

    @Test
    void leavesAndNamesWhatCannotBeOpenedAndGoesOnWithTheOthers() {
        run("{\"id\":1,\"url\":\"a\"}", "{\"id\":2,\"url\":\"b\"}", "{\"id\":3,\"url\":\"c\"}");
        String id = playground
                .query("SELECT id FROM sluice.quarantine ORDER BY id OFFSET 1 LIMIT 1")
                .getFirst();
        playground.execute("UPDATE sluice.quarantine SET original = set_byte(original, 20, get_byte(original, 20) # 1)"
                + " WHERE id = " + id);
        use("", "url");

        Ran replay = playground.sluice(call("--all"));

        assertThat(replay.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(replay.lastLine()).isEqualTo("replayed 2 = stored 2 + duplicates 0 + rejected 0, not opened 1");
        assertThat(replay.err().lines().filter(line -> line.startsWith("sluice: ")))
                .singleElement()
                .asString()
                .startsWith("sluice: record " + id + " of message ")
                .contains("cannot be decrypted");
        assertThat(playground.query("SELECT id FROM sluice.quarantine")).containsExactly(id);
        assertThat(playground.count("clicks")).isEqualTo(2);
    }

    @Test
    void showsAMessageIdThatSteersTheTerminalEscaped() {
        run("{\"id\":1,\"url\":\"a\"}");
        playground.execute("UPDATE sluice.quarantine SET message_id = E'm\\n\\u001b]0;owned\\u0007\\u009b2J'");

        Ran replay = playground.sluice(call("--all"));

        assertThat(replay.err())
                .contains("of message m\\u{a}\\u{1b}]0;owned\\u{7}\\u{9b}2J is not changed")
                .doesNotContain("\u001b", "\u0007", "\u009b");
    }

    @Test
    void leavesEverythingWhenTheKeyIsGone() {
        run("{\"id\":1,\"url\":\"a\"}", "{\"id\":2,\"url\":\"b\"}");
        use("", "url");
        playground.set("SLUICE_KEYS", playground.folder.resolve("other.json").toString());
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--despite-unknown-keys")
                .succeeded();

        Ran replay = playground.sluice(call("--all", "--output", "json"));

        assertThat(replay.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(replay.lastLine()).contains("\"entries\":2,\"records\":0", "\"unopened\":2");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"BEFORE_COMMIT, 0", "AFTER_COMMIT, 100"})
    void losesAndDoublesNothingWhenItIsKilled(FailPoint point, int storedBefore) throws Exception {
        run(IntStream.range(0, 150)
                .mapToObj(id -> "{\"id\":" + id + ",\"url\":\"a\"}")
                .toArray(String[]::new));
        use("", "url");
        playground.set("JDK_JAVA_OPTIONS", "-D" + FailPoint.PROPERTY + "=" + point);

        Ran killed = playground.ended(playground.start(call("--all")));

        assertThat(killed.exitCode()).as(killed.err()).isEqualTo(137);
        assertThat(playground.count("clicks")).isEqualTo(storedBefore);
        assertThat(playground.count("sluice.quarantine")).isEqualTo(150 - storedBefore);
        int left = 150 - storedBefore;
        assertThat(replay("--all"))
                .isEqualTo("replayed " + left + " = stored " + left + " + duplicates 0 + rejected 0");
        assertThat(playground.query("SELECT count(*) || ' ' || count(DISTINCT id) FROM clicks"))
                .containsExactly("150 150");
        assertThat(playground.count("sluice.quarantine")).isZero();
        assertThat(playground.count("sluice.ledger")).isEqualTo(150);
    }

    @Test
    void storesEachRecordOnceWhenTwoReplayAtOnce() throws Exception {
        run(IntStream.range(0, 250)
                .mapToObj(id -> "{\"id\":" + id + ",\"url\":\"a\"}")
                .toArray(String[]::new));
        use("", "url");
        List<CompletableFuture<Ran>> both;
        try (Connection holder = DriverManager.getConnection(PostgresServer.jdbcUrl(playground.databaseUrl));
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT FROM sluice.quarantine ORDER BY id LIMIT 1 FOR UPDATE");
            both = Stream.of(1, 2)
                    .map(number -> CompletableFuture.supplyAsync(
                            () -> playground.sluice(call("--all", "--output", "json")), Thread::startVirtualThread))
                    .toList();
            await().atMost(PATIENCE).until(() -> playground
                    .query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    .contains("2"));
            holder.rollback();
        }

        long stored = both.stream()
                .map(replay -> replay.join().succeeded().lastLine())
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".*\"stored\":(\\d+).*", "$1")))
                .sum();

        assertThat(stored).isEqualTo(250);
        assertThat(playground.query("SELECT count(*) || ' ' || count(DISTINCT id) FROM clicks"))
                .containsExactly("250 250");
        assertThat(playground.count("sluice.quarantine")).isZero();
    }

    @Test
    void asksWhichAndRefusesGuesses() {
        assertThat(playground.sluice("quarantine", "replay").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void purgesWhatIsOldAndOnlyWithConsent() {
        run("no json", "[]");
        playground.execute(
                "UPDATE sluice.quarantine SET quarantined_at = now() - interval '31 days' WHERE reason = 'not-json'");
        assertThat(playground
                        .sluice("quarantine", "purge", "--older-than", "30d")
                        .refused(ExitCode.USAGE))
                .contains("--yes");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(2);
        assertThat(playground
                        .sluice("quarantine", "purge", "--older-than", "30d", "--yes")
                        .succeeded()
                        .out())
                .contains("1 quarantined record deleted");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine")).containsExactly("empty-array");
    }

    private void use(String source, String page) {
        String spec =
                """
                pipeline: clicks
                source: { queue: q%s }
                sink: { table: clicks }
                columns:
                  id:   { from: id, type: integer, required: true }
                  page: { from: %s, type: text, required: true }
                """
                        .formatted(source, page);
        playground.set("SLUICE_PIPELINE", playground.write("clicks.yaml", spec).toString());
    }

    private void run(String... bodies) {
        playground.send(List.of(bodies));
        playground.drain();
    }

    private String replay(String... which) {
        return playground.sluice(call(which)).succeeded().lastLine();
    }

    /** Where a test's page comes from another field today, that is meant. */
    private static String[] call(String... which) {
        return Stream.concat(
                        Stream.of("quarantine", "replay", "--ticket", "OPS-1", "--accept-unmasked", "/url"),
                        Stream.of(which))
                .toArray(String[]::new);
    }
}
