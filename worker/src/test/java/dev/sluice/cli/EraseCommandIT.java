package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EraseCommandIT {

    private static final String EVENT =
            "{\"user_id\":\"%s\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"192.0.2.%d\",\"locale\":null,"
                    + "\"device_id\":\"d\"}";

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void deletesTheSubjectsRowsAndSaysSoInTheAuditWithoutNamingWhom() {
        store(EVENT.formatted("canary-7f3a", 1), EVENT.formatted("canary-7f3a", 2), EVENT.formatted("other", 1));

        Ran ran = playground
                .sluice("erase", "--user-id", "canary-7f3a", "--ticket", "DSR-17")
                .succeeded();

        assertThat(ran.out()).isEqualTo("2 rows deleted from user_logins, ticket DSR-17.\n");
        assertThat(playground.query("SELECT user_id FROM user_logins")).containsExactly("other");
        assertThat(playground.query(
                        "SELECT action || ' ' || ticket || ' ' || value_count || ' ' || details FROM sluice.audit"))
                .containsExactly("erase DSR-17 0 {\"rows\": 2, \"table\": \"user_logins\", \"column\": \"user_id\"}");
        assertThat(ran.out() + ran.err() + playground.query("SELECT audit::text FROM sluice.audit"))
                .doesNotContain("canary-7f3a");
    }

    @Test
    void readsTheSubjectFromStandardInput() {
        store(EVENT.formatted("u1", 1), EVENT.formatted("u2", 1));
        assertThat(playground
                        .sluiceReading("u1\n", "erase", "--user-id", "-", "--ticket", "T", "--output", "json")
                        .succeeded()
                        .lastLine())
                .isEqualTo(
                        "{\"table\":\"user_logins\",\"column\":\"user_id\",\"rows\":1,\"nulled\":[],\"ticket\":\"T\","
                                + "\"dry_run\":false}");
        assertThat(playground
                        .sluiceReading("u1\nu2\n", "erase", "--user-id", "-", "--ticket", "T")
                        .refused(ExitCode.USAGE))
                .contains("one line");
        assertThat(playground
                        .sluiceReading("", "erase", "--user-id", "-", "--ticket", "T")
                        .refused(ExitCode.USAGE))
                .contains("one line");
        assertThat(playground.query("SELECT user_id FROM user_logins")).containsExactly("u2");
    }

    @Test
    void findsNothingWithoutFailingAndAuditsThatToo() {
        store(EVENT.formatted("u1", 1));
        assertThat(erase("--user-id", "absent", "--ticket", "T")).startsWith("0 rows deleted");
        // Not cut to the column's 128 characters, nor taken for a pattern.
        assertThat(erase("--user-id", "u1" + " ".repeat(200), "--ticket", "T")).startsWith("0 rows deleted");
        assertThat(erase("--user-id", "%", "--ticket", "T")).startsWith("0 rows deleted");
        assertThat(erase("--user-id", "' OR true --", "--ticket", "T")).startsWith("0 rows deleted");
        assertThat(playground.count("user_logins")).isOne();
        assertThat(playground.query("SELECT action FROM sluice.audit"))
                .hasSize(4)
                .containsOnly("erase");
    }

    @Test
    void makesColumnsNullAndKeepsTheRows() {
        store(EVENT.formatted("u1", 1), EVENT.formatted("u2", 1));
        assertThat(erase("--user-id", "u1", "--ticket", "T", "--null", "masked_ip", "user_id"))
                .isEqualTo("1 row of user_logins changed, ticket T.");
        assertThat(playground.query("SELECT coalesce(user_id, '-') || (masked_ip IS NULL) || (masked_device_id IS NULL)"
                        + " FROM user_logins ORDER BY 1"))
                .containsExactly("-truefalse", "u2falsefalse");
        assertThat(playground.query("SELECT details FROM sluice.audit").getFirst())
                .contains("\"nulled\": [\"masked_ip\", \"user_id\"]");
    }

    @Test
    void refusesToMakeNullWhatMayNotBe() {
        playground.execute("ALTER TABLE user_logins ALTER masked_ip SET NOT NULL");
        assertThat(playground
                        .sluice("erase", "--user-id", "u1", "--ticket", "T", "--null", "locale", "masked_ip")
                        .refused(ExitCode.CONFIG))
                .contains("does not allow NULL in masked_ip");
        assertThat(playground.count("sluice.audit")).isZero();
    }

    @Test
    void takesNumbersAndUuidsInOneSpellingOnly() {
        String spec =
                """
                pipeline: carts
                source: { queue: q }
                sink: { table: carts }
                columns:
                  customer: { from: customer, type: integer }
                  cart: { from: cart, type: uuid }
                """;
        playground.set("SLUICE_PIPELINE", playground.write("carts.yaml", spec).toString());
        playground.sluice("migrate").succeeded();
        playground.execute("INSERT INTO carts VALUES (7, '00000001-0001-0001-0001-000000000001'),"
                + " (8, 'ABCDEFAB-0001-0001-0001-000000000001')");
        for (String wrong : List.of("+7", "07", "7.0", "seven", "99999999999999999999")) {
            assertThat(playground
                            .sluice("erase", "--subject", wrong, "--column", "customer", "--ticket", "T")
                            .refused(ExitCode.USAGE))
                    .contains("not of the form");
        }
        assertThat(playground
                        .sluice("erase", "--subject", "1-1-1-1-1", "--column", "cart", "--ticket", "T")
                        .refused(ExitCode.USAGE))
                .contains("not of the form");
        assertThat(erase("--subject", "9999999999", "--column", "customer", "--ticket", "T"))
                .startsWith("0 rows");
        assertThat(erase("--subject", "7", "--column", "customer", "--ticket", "T"))
                .startsWith("1 row");
        assertThat(erase("--subject", "ABCDEFAB-0001-0001-0001-000000000001", "--column", "cart", "--ticket", "T"))
                .startsWith("1 row");
    }

    @Test
    void changesNothingInADryRun() {
        store(EVENT.formatted("u1", 1));
        assertThat(erase("--user-id", "u1", "--ticket", "T", "--dry-run"))
                .isEqualTo("1 row of user_logins found; nothing was changed.");
        assertThat(playground.count("user_logins")).isOne();
        assertThat(playground.count("sluice.audit")).isZero();
    }

    @Test
    void findsMaskedSubjectsByTheirClearValueAndAuditsTheLookUp() {
        store(EVENT.formatted("u1", 1), EVENT.formatted("u2", 1), EVENT.formatted("u3", 3));
        assertThat(playground
                        .sluice(
                                "erase",
                                "--user-id",
                                "192.0.2.1",
                                "--column",
                                "masked_ip",
                                "--ticket",
                                "T",
                                "--dry-run")
                        .refused(ExitCode.USAGE))
                .contains("--reason is required");
        assertThat(erase(
                        "--user-id",
                        "::ffff:192.0.2.1",
                        "--column",
                        "masked_ip",
                        "--ticket",
                        "T",
                        "--dry-run",
                        "--reason",
                        "DSAR"))
                .startsWith("2 rows");
        assertThat(playground.query("SELECT action || value_count FROM sluice.audit"))
                .containsExactly("find1");
        assertThat(erase("--user-id", "192.0.2.1", "--column", "masked_ip", "--ticket", "T"))
                .startsWith("2 rows");
        assertThat(playground.query("SELECT user_id FROM user_logins")).containsExactly("u3");
        assertThat(playground.query("SELECT details FROM sluice.audit").toString())
                .doesNotContain("192.0.2.1");
        assertThat(playground.query("SELECT value_count || details FROM sluice.audit WHERE action = 'erase'"))
                .containsExactly("1{\"rows\": 2, \"table\": \"user_logins\", \"column\": \"masked_ip\"}");
        assertThat(playground
                        .sluice("erase", "--user-id", "no address", "--column", "masked_ip", "--ticket", "T")
                        .refused(ExitCode.USAGE))
                .contains("not of the form of column masked_ip")
                .doesNotContain("no address");
    }

    @Test
    void deletesNothingThatCannotBeAudited() {
        store(EVENT.formatted("u1", 1));
        playground.execute("REVOKE ALL ON SCHEMA sluice FROM PUBLIC; ALTER FUNCTION"
                + " sluice.audit_append(text, text, text, text, text, integer, text) RENAME TO elsewhere");
        playground.sluice("erase", "--user-id", "u1", "--ticket", "T").refused(ExitCode.CONFIG);
        assertThat(playground.count("user_logins")).isOne();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    erase --user-id u1                                  | --ticket
                    erase --ticket T                                    | --user-id
                    erase --user-id= --ticket T                         | must not be blank
                    erase --user-id u1 --ticket=                        | 1 to 64 letters
                    erase --user-id u1 --ticket 192.0.2.1               | 1 to 64 letters
                    erase --user-id u1 --ticket T --column create_date  | [user_id,
                    erase --user-id u1 --ticket T --column no_column    | [user_id,
                    erase --user-id u1 --ticket T --null no_column      | --null
                    """)
    void refusesWrongCalls(String call, String complaint) {
        assertThat(playground.sluice(call.split(" ")).refused(ExitCode.USAGE)).contains(complaint);
        assertThat(playground.count("sluice.audit")).isZero();
    }

    @Test
    void erasesBesideWorkerThatGoesOnWriting() throws Exception {
        playground.execute("UPDATE sluice.recovery_policy SET daily_calls = 100000");
        playground.send(IntStream.range(0, 2_000)
                .mapToObj(i -> EVENT.formatted(i % 2 == 0 ? "gone" : "stays", i % 250))
                .toList());
        CompletableFuture<Ran> worker = CompletableFuture.supplyAsync(
                () -> playground.sluice("run", "--until-empty", "--batch-messages", "20"));
        while (!worker.isDone()) {
            erase("--user-id", "gone", "--ticket", "T");
        }
        assertThat(worker.get().succeeded().lastLine()).contains("= stored 2000 +");
        erase("--user-id", "gone", "--ticket", "T");
        assertThat(playground.query("SELECT user_id || count(*) FROM user_logins GROUP BY user_id"))
                .containsExactly("stays1000");
        assertThat(playground.query("SELECT sum((details::jsonb->>'rows')::integer) FROM sluice.audit"))
                .containsExactly("1000");
    }

    private void store(String... events) {
        playground.send(List.of(events));
        playground.drain();
    }

    private String erase(String... options) {
        String[] call = new String[options.length + 1];
        call[0] = "erase";
        System.arraycopy(options, 0, call, 1, options.length);
        return playground.sluice(call).succeeded().lastLine();
    }
}
