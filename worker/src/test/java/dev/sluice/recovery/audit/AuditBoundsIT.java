package dev.sluice.recovery.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.RecoveryLogins;
import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Pipelines;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 8, item 5: Ann has the functions of recovery, Otto those of operators, each with a client of their own. What is in
 * the audit stays, so they must get nothing into it that is not of its form, and not without end.
 */
class AuditBoundsIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private static final Random RANDOM = new Random(8);
    private static final String TOKEN = "AQ" + "A".repeat(48);
    private static final String OTHER_TOKEN = "AQ" + "B".repeat(48);
    private static final String UNMASK = "SELECT denied FROM sluice.recovery_unmask(";

    private final String url = SERVER.createDatabase();
    private final TestSql owner = new TestSql(url, TestSql.PUBLIC_FIRST);
    private final TestSql ann = new TestSql(RecoveryLogins.url(url, "ann"), TestSql.PUBLIC_FIRST);
    private final TestSql bob = new TestSql(RecoveryLogins.url(url, "bob"), TestSql.PUBLIC_FIRST);
    private final TestSql otto = new TestSql(RecoveryLogins.url(url, "otto"), TestSql.PUBLIC_FIRST);
    private final DatabaseSettings address = address(url);

    private static DatabaseSettings address(String url) {
        return TestSettings.database(url);
    }

    @BeforeEach
    void migrate() {
        new Migrations(address).run();
        RecoveryLogins.create(owner, "ann", "bob", "otto");
        owner.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sluice FROM otto;"
                + "DO $$ DECLARE f text; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE"
                + " pronamespace = 'sluice'::regnamespace AND"
                + " proname ~ '^(recovery_find|audit_(erase|retain_begin|retain_end|rewrap_begin|rewrap_end))$'"
                + " LOOP EXECUTE 'GRANT EXECUTE ON FUNCTION ' || f || ' TO otto'; END LOOP; END $$");
    }

    private long entries() {
        return Long.parseLong(owner.query("SELECT count(*) FROM sluice.audit").getFirst());
    }

    private List<String> actions() {
        return owner.query("SELECT actor || ' ' || action FROM sluice.audit ORDER BY seq");
    }

    private static String unmask(String token) {
        return UNMASK + "'ann', 'DSAR', 'CASE-7', 'p', '{masked_ip}', '{" + token + "}', '{}')";
    }

    @Test
    void takesNothingFromARecovererThatIsNotOfItsForm() {
        for (String call : List.of(
                "unmask('', 'DSAR', 'C', 'p', '{}', '{}', '{}')",
                "unmask('', 'DSAR', 'C', repeat('p', 1000000), '{}', ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', E'p\\033[31m', '{}', ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', NULL, '{}', ARRAY[token], '{}')",
                "unmask('', 'DSAR', repeat('C', 65), 'p', '{}', ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', 'p', NULL, ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', 'p', ARRAY[repeat('c', 1000000)], ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', 'p', '{192.0.2.1}', ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', 'p', array_fill('c'::text, ARRAY[101]), ARRAY[token], '{}')",
                "unmask('', 'DSAR', 'C', 'p', '{}', array_fill(token, ARRAY[10001]), '{}')",
                "unmask('', 'DSAR', 'C', 'p', '{}', ARRAY[token || repeat('A', 12000000)], '{}')",
                "unmask('', 'DSAR', 'C', 'p', '{}', ARRAY[token || '=']::text[], '{}')",
                "unmask('', 'DSAR', 'C', 'p', '{}', ARRAY[token], array_fill(1, ARRAY[10001]))",
                "unmask('', 'DSAR', 'C', 'p', '{}', ARRAY[token], '{-1}')",
                "unmask('', 'DSAR', 'C', 'p', '{}', ARRAY[token], '{NULL}')",
                "find('', 'DSAR', 'C', 'p', '{}', '{}')",
                "find('', 'DSAR', 'C', 'p', '{}', array_fill(token, ARRAY[101]))",
                "submit('', 'DSAR', 'C', 'p', '{}', '{}', NULL)",
                "submit('', 'DSAR', 'C', 'p', ARRAY[repeat('c', 1000000)], ARRAY[token], NULL)",
                "export('', 'GOSSIP', 'C', 'p', 'c', 1, '{}', '{}')",
                "export('', 'DSAR', '192.0.2.1', 'p', 'c', 1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'P', 'c', 1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', NULL, 1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', repeat('c', 64), 1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', '192.0.2.1', 1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', 'c', NULL, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', 'c', -1, '{}', '{}')",
                "export('', 'DSAR', 'C', 'p', 'c', 1, NULL, '{}')",
                "export('', 'DSAR', 'C', 'p', 'c', 1, ARRAY[repeat('c', 1000000)], '{}')",
                "export('', 'DSAR', 'C', 'p', 'c', 1, '{}', NULL)",
                "export('', 'DSAR', 'C', 'p', 'c', 1, '{}', '{192.0.2.1}')",
                "export('', 'DSAR', 'C', 'p', 'c', 1, '{}', array_fill(token, ARRAY[10001]))",
                "approve('', repeat('p', 1000000), 1)",
                "fetch('', repeat('p', 1000000), 1)")) {
            String sql =
                    "SELECT f.* FROM (SELECT '" + TOKEN + "'::text AS token) AS t, sluice.recovery_" + call + " AS f";
            assertThat(refusal(ann, sql)).as(call).isEqualTo("22023");
        }
        assertThat(entries()).isZero();
    }

    private static String refusal(TestSql session, String sql) {
        try {
            session.execute(sql);
            return "none";
        } catch (AssertionError refused) {
            return refused.getCause() instanceof SQLException failure ? failure.getSQLState() : "none";
        }
    }

    @Test
    void takesNothingFromAnOperatorThatIsNotOfItsForm() {
        for (String call : List.of(
                "erase('', '192.0.2.1', 'p', 't', 'c', false, '{}', 1)",
                "erase('', NULL, 'p', 't', 'c', false, '{}', 1)",
                "erase('', 'T', 'p', repeat('t', 1000000), 'c', false, '{}', 1)",
                "erase('', 'T', 'p', 't; DROP', 'c', false, '{}', 1)",
                "erase('', 'T', 'p', 't', NULL, false, '{}', 1)",
                "erase('', 'T', 'p', 't', 'c', false, ARRAY[repeat('c', 1000000)], 1)",
                "erase('', 'T', 'p', 't', 'c', NULL, '{}', 1)",
                "erase('', 'T', 'p', 't', 'c', false, '{}', -1)",
                "retain_begin('', 'p', 't', 'c', 'infinity')",
                "retain_begin('', 'p', 't', repeat('c', 1000000), '2026-01-01')",
                "rewrap_begin('', 'p', '{}', '{}')",
                "rewrap_begin('', 'p', '{}', ARRAY[repeat('g', 1000000)])",
                "rewrap_begin('', 'p', NULL, NULL)")) {
            assertThat(refusal(otto, "SELECT sluice.audit_" + call)).as(call).isEqualTo("22023");
        }
        assertThat(entries()).isZero();
    }

    /** A name like that must lock nobody out. */
    @ParameterizedTest
    @ValueSource(strings = {"repeat('x', 1000000)", "E'\\033[31m'", "NULL", "U&'\\202e'"})
    void putsAFixedTextInThePlaceOfAnOddOperatingSystemsUser(String osUser) {
        assertThat(ann.query(UNMASK + osUser + ", 'DSAR', 'C', 'p', '{}', '{" + TOKEN + "}', '{}')"))
                .containsExactly("null");
        assertThat(owner.query("SELECT os_user FROM sluice.audit")).containsExactly("(not of the form)");
    }

    @Test
    void countsEveryCallAndEndsTheDayWithOneDenial() {
        owner.execute("UPDATE sluice.recovery_policy SET daily_calls = 5, daily_values = 1");
        ann.execute(unmask(TOKEN));
        ann.execute(unmask(TOKEN)); // denied: no value is left
        ann.execute("SELECT sluice.recovery_approve('', 'p', 17)"); // denied: no such request
        ann.execute("SELECT sluice.recovery_submit('', 'DSAR', 'C', 'p', '{}', '{" + TOKEN + "}', NULL)");
        ann.execute("SELECT sluice.recovery_fetch('', 'p', 17)"); // denied

        assertThat(ann.query(unmask(TOKEN))).containsExactly("DAILY_CALLS");
        long entries = entries();
        for (String call : List.of(
                unmask(TOKEN),
                "SELECT sluice.recovery_approve('', 'p', 17)",
                "SELECT sluice.recovery_find('', 'DSAR', 'C', 'p', '{}', '{" + TOKEN + "}')")) {
            assertThatThrownBy(() -> ann.execute(call)).hasStackTraceContaining("the calls of its day");
        }
        assertThat(entries()).isEqualTo(entries).isEqualTo(7);
        assertThat(bob.query(unmask(TOKEN))).containsExactly("null");
    }

    /** Or the limit of a day were one per command. */
    @Test
    void countsTheValuesOfAnExportWithThoseOfUnmask() {
        owner.execute("UPDATE sluice.recovery_policy SET daily_values = 3");
        String export = "SELECT denied FROM sluice.recovery_export('', 'DSAR', 'C', 'p', 'c', 1, '{}', '{" + TOKEN + ","
                + OTHER_TOKEN + "}')";

        assertThat(ann.query(export)).containsExactly("null");
        assertThat(ann.query(export)).containsExactly("DAILY_VALUES");
        assertThat(ann.query(unmask(TOKEN))).containsExactly("null");
        assertThat(ann.query(unmask(TOKEN))).containsExactly("DAILY_VALUES");
        assertThat(actions()).containsExactly("sluice policy", "ann export", "ann denied", "ann unmask", "ann denied");
    }

    @Test
    void countsThemOnceWhenSeveralSessionsCallAtOnce() throws Exception {
        owner.execute("UPDATE sluice.recovery_policy SET daily_calls = 20");
        Callable<Boolean> call = () -> {
            try {
                ann.execute(unmask(TOKEN));
                return true;
            } catch (AssertionError refused) {
                return false;
            }
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            threads.invokeAll(Collections.nCopies(40, call));
        }
        assertThat(owner.query("SELECT count(*) FROM sluice.audit WHERE actor = 'ann'"))
                .containsExactly("21");
    }

    @Test
    void keepsTokensOfWhatWasDeniedOutOfTheAudit() {
        String many = String.join(",", Collections.nCopies(5_000, TOKEN));
        assertThat(ann.query(UNMASK + "'', 'DSAR', 'C', 'p', '{masked_ip}', '{" + many + "}', '{}')"))
                .containsExactly("APPROVAL_REQUIRED");
        assertThat(owner.query("SELECT value_count || details FROM sluice.audit"))
                .containsExactly("5000{\"why\": \"APPROVAL_REQUIRED\", \"asked\": \"unmask\"}");
    }

    private static String random(int bytes) {
        byte[] token = new byte[bytes];
        RANDOM.nextBytes(token);
        token[0] = 1;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The most that docs/recover.md says, for the default policy. */
    @Test
    void growsInADayByNoMoreThanIsSaid() {
        String names = String.join(",", Collections.nCopies(100, "c".repeat(63)));
        // Random, so that PostgreSQL's compression gains nothing.
        String longest =
                IntStream.range(0, 100).mapToObj(i -> random(383)).collect(Collectors.joining(",", "'{", "}'"));
        String places = "(SELECT array_agg(n) FROM generate_series(10001, 20000) AS n)";
        TestSql session = new TestSql(ann.url(), "");
        session.execute("DO $$ BEGIN"
                + " FOR i IN 1..100 LOOP PERFORM sluice.recovery_find('', 'DSAR', 'C', 'p', '{" + names + "}', "
                + longest
                + "); END LOOP;"
                + " PERFORM sluice.recovery_submit('', 'DSAR', 'C', 'p', '{" + names + "}',"
                + " ARRAY[(SELECT 'AQ' || string_agg(encode(sha256(n::text::bytea), 'hex'), '')"
                + " FROM generate_series(1, 180000) AS n)], NULL);"
                + " FOR i IN 1..399 LOOP PERFORM sluice.recovery_unmask('', 'DSAR', 'C', 'p', '{" + names + "}', "
                + longest
                + ", " + places + "); END LOOP; END $$");
        assertThat(ann.query(unmask(TOKEN))).containsExactly("DAILY_CALLS");
        assertThat(owner.query("SELECT pg_total_relation_size('sluice.audit') < 12000000"
                        + " AND pg_total_relation_size('sluice.recovery_request') < 20000000"))
                .containsExactly("t");
    }

    @Test
    void takesNoMoreRequestsThanCouldBeFetchedInADay() {
        String ten = "'{" + String.join(",", Collections.nCopies(10, TOKEN)) + "}'";
        String request = "SELECT denied FROM sluice.recovery_submit('', 'DSAR', 'C', 'p', '{}', " + ten + ", NULL)";
        List<String> denied = IntStream.range(0, 12)
                .mapToObj(i -> ann.query(request).getFirst())
                .toList();
        assertThat(denied.subList(0, 10)).containsOnly("null");
        assertThat(denied.subList(10, 12)).containsOnly("DAILY_VALUES");
    }

    @Test
    void entersALongTokenByItsBeginningAndHash() {
        String token = "AQ" + "A".repeat(5_000);
        ann.execute(unmask(token));
        assertThat(owner.query("SELECT details FROM sluice.audit").getFirst())
                .contains("\"" + token.substring(0, 50) + "..")
                .hasSizeLessThan(300);
        ann.execute("SELECT sluice.recovery_result('', 1, 0, '{" + token + "}', '{NOT_AUTHENTIC}', 0)");
    }

    @Test
    void takesOneResultOfEachGrantAndOnlyOfItsTokens() {
        ann.execute(unmask(TOKEN));
        for (String result : List.of(
                "1, 1, '{" + TOKEN + "}', '{NOT_AUTHENTIC}', 0",
                "1, 0, '{" + OTHER_TOKEN + "}', '{NOT_AUTHENTIC}', 0",
                "1, 0, '{}', '{}', 0",
                "1, 1, '{}', '{}', 10001",
                "1, 1, '{}', NULL, 0")) {
            assertThatThrownBy(() -> ann.execute("SELECT sluice.recovery_result('', " + result + ")"))
                    .hasStackTraceContaining("ERROR");
        }
        ann.execute("SELECT sluice.recovery_result('', 1, 1, '{}', '{}', 0)");
        assertThatThrownBy(() -> ann.execute("SELECT sluice.recovery_result('', 1, 1, '{}', '{}', 0)"))
                .hasStackTraceContaining("has no result");
        assertThat(actions()).containsExactly("ann unmask", "ann unmask-result");
    }

    /** Those that say that something was granted, or that the policy changed. */
    @ParameterizedTest
    @ValueSource(strings = {"approve", "policy", "unmask-result", "unmask", "fetch"})
    void givesOperatorsNoFunctionThatTakesAnyAction(String action) {
        assertThatThrownBy(
                        () -> otto.execute("SELECT sluice.audit_append('" + action + "', '', NULL, NULL, '', 0, '{}')"))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void endsOnlyWhatTheSameLoginBeganAndOnce() {
        otto.execute("SELECT sluice.audit_retain_begin('', 'p', 't', 'c', '2026-01-01')");
        owner.execute("SELECT sluice.audit_retain_begin('', 'p', 't', 'c', '2026-01-01')");
        ann.execute(unmask(TOKEN));
        otto.execute("SELECT sluice.audit_retain_end('', 1, 5, 0, 0)");
        for (int entry = 0; entry <= 5; entry++) {
            String end = "_end('', " + entry + ", 5, 0, 0";
            assertThatThrownBy(() -> otto.execute("SELECT sluice.audit_retain" + end + ")"))
                    .hasStackTraceContaining("still to end");
            assertThatThrownBy(() -> otto.execute("SELECT sluice.audit_rewrap" + end + ", NULL, '{}', '{}', '{}')"))
                    .hasStackTraceContaining("still to end");
        }
        assertThat(actions())
                .containsExactly("otto retain-begin", "sluice retain-begin", "ann unmask", "otto retain-end");
    }

    @Test
    void countsAnErasureByAMaskedColumnAsALookUp() {
        owner.execute("UPDATE sluice.recovery_policy SET daily_values = 2");
        String erase = "SELECT sluice.audit_erase('', 'T', 'p', 't', 'c', %s, '{}', 0)";
        otto.execute(erase.formatted(true));
        otto.execute("SELECT sluice.recovery_find('', 'DSAR', 'C', 'p', '{}', '{" + TOKEN + "}')");
        assertThatThrownBy(() -> otto.execute(erase.formatted(true))).hasStackTraceContaining("the values of its day");
        otto.execute(erase.formatted(false));
    }

    @Test
    void saysInWordsThatTheDayIsUsedUp() {
        owner.execute("UPDATE sluice.recovery_policy SET daily_calls = 0");
        try (Database database = Database.open(address(otto.url()), 1)) {
            OperatorAudit audit = new OperatorAudit(database, Pipelines.load("user-logins"));
            assertThatThrownBy(() -> audit.rewrapBegins(List.of("masked_ip"), List.of()))
                    .isInstanceOfSatisfying(InfrastructureException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(InfrastructureException.Kind.NOT_PERMITTED))
                    .hasMessageContaining("sluice.recovery_policy.daily_calls");
        }
    }
}
