package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineReplayIT {

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
                .contains("1 quarantined record(s) deleted");
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
        playground.sluice("run", "--until-empty").succeeded();
    }

    private String replay(String... which) {
        String[] call = new String[which.length + 2];
        call[0] = "quarantine";
        call[1] = "replay";
        System.arraycopy(which, 0, call, 2, which.length);
        return playground.sluice(call).succeeded().lastLine();
    }
}
