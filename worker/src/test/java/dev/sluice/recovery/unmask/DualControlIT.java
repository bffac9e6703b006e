package dev.sluice.recovery.unmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.RecoveryLogins;
import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mask.Mask;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import dev.sluice.recovery.audit.AuditEntry;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.audit.Verification.Intact;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.RecoveryRequests.Submission;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ann recovers, Bob and Cora approve: each a database user with the rights that the docs give, and no other. */
class DualControlIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private static final Purpose PURPOSE = new Purpose(RecoveryReason.DSAR, "CASE-7");
    private static final PipelineSpec SPEC = Pipelines.load("user-logins");
    private static final Keysets KEYS = Keysets.ephemeral(Map.of(
            "user-logins.masked_ip",
            KeyKind.DETERMINISTIC_AEAD,
            "user-logins.masked_device_id",
            KeyKind.DETERMINISTIC_AEAD));
    private static final MaskedFields FIELDS = new MaskedFields(SPEC, KEYS);

    private final String url = SERVER.createDatabase();
    private final TestSql owner = new TestSql(url, TestSql.PUBLIC_FIRST);
    private final TestSql administrator = new TestSql(SERVER.administratorUrl(url), TestSql.PUBLIC_FIRST);
    private final Map<String, Database> databases = new HashMap<>();
    private AuditLog audit;

    @BeforeEach
    void migrate() {
        new Migrations(address("sluice")).run();
        RecoveryLogins.create(owner, "ann", "bob", "cora");
        audit = new AuditLog(database("sluice"));
    }

    @AfterEach
    void close() {
        databases.values().forEach(Database::close);
    }

    private DatabaseSettings address(String user) {
        return TestSettings.database(RecoveryLogins.url(url, user));
    }

    private Database database(String user) {
        return databases.computeIfAbsent(user, name -> Database.open(address(name), 4));
    }

    private Unmask unmask(String user) {
        return unmask(user, FIELDS::open);
    }

    private Unmask unmask(String user, Function<TokenRequest, Recovered> opening) {
        return new Unmask(permissions(user), requests(user), FIELDS, opening);
    }

    private RecoveryPolicy permissions(String user) {
        return new RecoveryPolicy(database(user), SPEC.name());
    }

    private RecoveryRequests requests(String user) {
        return new RecoveryRequests(database(user), SPEC.name());
    }

    private static List<String> tokens(int count) {
        Mask mask = Objects.requireNonNull(Mappers.mask(SPEC, SPEC.columns().get(2), KEYS));
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> mask.mask("192.0.2." + i))
                .toList();
    }

    private List<AuditEntry> newest(int limit) {
        List<AuditEntry> entries = new ArrayList<>();
        audit.list(limit, entries::add);
        return entries;
    }

    private List<String> actions() {
        return newest(100).reversed().stream()
                .map(entry -> entry.actor() + " " + entry.action())
                .toList();
    }

    private DenialReason denial(UnmaskOutcome outcome) {
        assertThat(outcome).isInstanceOf(Denied.class);
        return ((Denied) outcome).why();
    }

    private DenialReason denial(PolicyDecision decision) {
        assertThat(decision).isInstanceOf(Denied.class);
        AuditEntry last = newest(1).getFirst();
        assertThat(last.head()).isEqualTo(decision.head());
        assertThat(last.action()).isEqualTo("denied");
        assertThat(last.details()).contains(((Denied) decision).why().name());
        return ((Denied) decision).why();
    }

    private long submitted(String user, int count, @Nullable String approver) {
        Submission made = requests(user).submit(PURPOSE, FIELDS.sort(tokens(count), null), approver);
        assertThat(made).isInstanceOf(Submission.Made.class);
        return ((Submission.Made) made).id();
    }

    @Nested
    class Alone {

        @Test
        void opensUpToTenAtOnceWithAnEntryBeforeAndOneAfter() {
            UnmaskOutcome outcome = unmask("ann").unmask(PURPOSE, tokens(10), null);

            assertThat(outcome).isInstanceOfSatisfying(Opened.class, opened -> assertThat(
                            opened.results().stream().map(answer -> ((Clear) answer.recovered()).value()))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 10)
                            .mapToObj(i -> "192.0.2." + i)
                            .toList()));
            assertThat(actions()).containsExactly("ann unmask", "ann unmask-result");
            assertThat(newest(2).getLast().details()).contains(tokens(10));
            assertThat(audit.verify(null)).isEqualTo(new Intact(2));
        }

        @Test
        void opensNoneOfEleven() {
            assertThat(denial(unmask("ann").unmask(PURPOSE, tokens(11), null)))
                    .isEqualTo(DenialReason.APPROVAL_REQUIRED);
            assertThat(actions()).containsExactly("ann denied");
        }

        @Test
        void opensNoMoreADayThanThePolicySays() {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 15");

            assertThat(unmask("ann").unmask(PURPOSE, tokens(10), null)).isInstanceOf(Opened.class);
            assertThat(denial(unmask("ann").unmask(PURPOSE, tokens(6), null))).isEqualTo(DenialReason.DAILY_VALUES);
            assertThat(unmask("ann").unmask(PURPOSE, tokens(5), null)).isInstanceOf(Opened.class);
            assertThat(denial(permissions("ann").find(PURPOSE, List.of("masked_ip"), tokens(1))))
                    .isEqualTo(DenialReason.DAILY_VALUES);
            assertThat(unmask("bob").unmask(PURPOSE, tokens(10), null)).isInstanceOf(Opened.class);
        }

        @Test
        void countsWhatWasAskedForTwiceTwiceAndAnotherDayNot() {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 2;"
                    + "ALTER TABLE sluice.audit DISABLE TRIGGER ALL;"
                    + "INSERT INTO sluice.audit SELECT 99, date_trunc('day', now(), 'UTC') - interval '1 microsecond',"
                    + " 'ann', '', 'unmask', NULL, NULL, '', 50, '', previous_hash, hash FROM sluice.audit LIMIT 1");
            String token = tokens(1).getFirst();

            assertThat(denial(unmask("ann").unmask(PURPOSE, List.of(token, token, token), null)))
                    .isEqualTo(DenialReason.DAILY_VALUES);
            assertThat(unmask("ann").unmask(PURPOSE, List.of(token, token), null))
                    .isInstanceOf(Opened.class);
        }

        @Test
        void opensNoMoreWhenManyAskAtOnce() throws Exception {
            Callable<UnmaskOutcome> ten = () -> unmask("ann").unmask(PURPOSE, tokens(10), null);
            unmask("ann");
            List<UnmaskOutcome> outcomes = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (Future<UnmaskOutcome> outcome : threads.invokeAll(Collections.nCopies(15, ten))) {
                    outcomes.add(outcome.get());
                }
            }

            assertThat(outcomes.stream().filter(Opened.class::isInstance)).hasSize(10);
            assertThat(owner.query("SELECT sum(value_count) FROM sluice.audit WHERE action = 'unmask'"))
                    .containsExactly("100");
        }

        @Test
        void opensNothingWithoutAPolicy() {
            owner.execute("DELETE FROM sluice.recovery_policy");

            assertThatThrownBy(() -> unmask("ann").unmask(PURPOSE, tokens(1), null))
                    .isInstanceOf(InfrastructureException.class);
        }

        @Test
        void leavesTheOwnersChangeOfThePolicyInTheAudit() {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 5000");

            assertThat(actions()).containsExactly("sluice policy");
            assertThat(newest(1).getFirst().details()).contains("\"daily_values\": 5000");
        }
    }

    @Nested
    class WhenTheAuditFails {

        private final List<TokenRequest> opened = new ArrayList<>();

        private Recovered open(TokenRequest asked) {
            opened.add(asked);
            return FIELDS.open(asked);
        }

        @Test
        void opensNothingWithoutTheRightToAskForLeave() {
            owner.execute("REVOKE EXECUTE ON FUNCTION sluice.recovery_unmask(text, text, text, text, text[], text[],"
                    + " integer[]) FROM ann");

            assertThatThrownBy(() -> unmask("ann", this::open).unmask(PURPOSE, tokens(1), null))
                    .isInstanceOfSatisfying(InfrastructureException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(InfrastructureException.Kind.NOT_PERMITTED));
            assertThat(opened).isEmpty();
        }

        @Test
        void opensNothingWhenTheEntryCannotBeWritten() {
            owner.execute("ALTER TABLE sluice.audit ADD CHECK (action <> 'unmask') NOT VALID");

            assertThatThrownBy(() -> unmask("ann", this::open).unmask(PURPOSE, tokens(1), null))
                    .isInstanceOf(InfrastructureException.class);
            assertThat(opened).isEmpty();
        }

        @Test
        void givesOutNothingWhenTheDatabaseGoesAwayAfterItsLeave() {
            RecoveryLogins.create(owner, "dora");
            Function<TokenRequest, Recovered> thenAway = asked -> {
                administrator.execute("ALTER ROLE dora NOLOGIN;"
                        + " SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dora'");
                return open(asked);
            };

            assertThatThrownBy(() -> unmask("dora", thenAway).unmask(PURPOSE, tokens(1), null))
                    .isInstanceOf(InfrastructureException.class)
                    .hasNoCause()
                    .satisfies(failure -> assertThat(failure.toString()).doesNotContain("192.0.2.1"));
            assertThat(opened).hasSize(1);
            assertThat(actions()).containsExactly("dora unmask");
        }
    }

    @Nested
    class ByTwo {

        @Test
        void fetchesThriceWhatAnotherUserApproved() {
            long id = submitted("ann", 11, null);
            assertThat(requests("bob").approve(id)).isInstanceOf(PolicyDecision.Granted.class);

            for (int time = 1; time <= 3; time++) {
                assertThat(unmask("ann").fetch(id))
                        .isInstanceOfSatisfying(Opened.class, opened -> assertThat(opened.results())
                                .hasSize(11));
            }
            assertThat(denial(unmask("ann").fetch(id))).isEqualTo(DenialReason.FETCHED);
            assertThat(denial(requests("bob").approve(id))).isEqualTo(DenialReason.FETCHED);
            assertThat(actions())
                    .containsExactly(
                            "ann request",
                            "bob approve",
                            "ann fetch",
                            "ann unmask-result",
                            "ann fetch",
                            "ann unmask-result",
                            "ann fetch",
                            "ann unmask-result",
                            "ann denied",
                            "bob denied");
            assertThat(owner.query(
                            "SELECT coalesce(details::jsonb ->> 'again', '-') FROM sluice.audit WHERE action = 'fetch'"
                                    + " ORDER BY seq"))
                    .containsExactly("-", "1", "2");
            assertThat(requests("cora").list(10)).singleElement().satisfies(request -> {
                assertThat(request.stage()).isEqualTo(RecoveryRequest.Stage.FETCHED);
                assertThat(request.approvedBy()).isEqualTo("bob");
                assertThat(request.columns()).containsExactly("masked_ip");
                assertThat(request.values()).isEqualTo(11);
            });
        }

        @Test
        void refusesWhoeverIsNotTheOneToActOrTheTimeToDoIt() {
            long id = submitted("ann", 11, "bob");

            assertThat(denial(requests("ann").approve(id))).isEqualTo(DenialReason.OWN_REQUEST);
            assertThat(denial(requests("cora").approve(id))).isEqualTo(DenialReason.OTHER_APPROVER);
            assertThat(denial(requests("cora").approve(id + 1))).isEqualTo(DenialReason.NO_REQUEST);
            assertThat(denial(unmask("ann").fetch(id))).isEqualTo(DenialReason.NOT_APPROVED);
            assertThat(denial(unmask("ann").fetch(id + 1))).isEqualTo(DenialReason.NO_REQUEST);
            assertThat(requests("bob").approve(id)).isInstanceOf(PolicyDecision.Granted.class);
            assertThat(denial(requests("bob").approve(id))).isEqualTo(DenialReason.APPROVED);
            assertThat(denial(unmask("bob").fetch(id))).isEqualTo(DenialReason.OTHER_REQUESTER);
            assertThat(denial(new Unmask(permissions("ann"), new RecoveryRequests(database("ann"), "other"), FIELDS)
                            .fetch(id)))
                    .isEqualTo(DenialReason.OTHER_PIPELINE);
            owner.execute("UPDATE sluice.recovery_request SET expires_at = now()");
            assertThat(denial(unmask("ann").fetch(id))).isEqualTo(DenialReason.EXPIRED);
        }

        @Test
        void expires() {
            owner.execute("UPDATE sluice.recovery_policy SET request_lifetime = interval '1 microsecond'");
            long id = submitted("ann", 11, null);

            assertThat(denial(requests("bob").approve(id))).isEqualTo(DenialReason.EXPIRED);
            assertThat(requests("bob").get(id).orElseThrow().stage()).isEqualTo(RecoveryRequest.Stage.EXPIRED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"ann:OWN_REQUEST", "nobody_there:UNKNOWN_APPROVER"})
        void makesNoRequestThatNobodyCouldApprove(String approverAndDenial) {
            String[] expected = approverAndDenial.split(":", -1);

            Submission submission = requests("ann").submit(PURPOSE, FIELDS.sort(tokens(11), null), expected[0]);

            assertThat(submission)
                    .isInstanceOfSatisfying(Denied.class, denied -> assertThat(denial((PolicyDecision) denied))
                            .isEqualTo(DenialReason.valueOf(expected[1])));
            assertThat(requests("ann").list(10)).isEmpty();
        }

        @Test
        void leavesTheDaysFigureToHold() {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 15");
            long id = submitted("ann", 11, null);
            requests("bob").approve(id);
            unmask("ann").unmask(PURPOSE, tokens(5), null);

            assertThat(denial(unmask("ann").fetch(id))).isEqualTo(DenialReason.DAILY_VALUES);
            assertThat(requests("ann").get(id).orElseThrow().stage()).isEqualTo(RecoveryRequest.Stage.APPROVED);
            assertThat(requests("ann").submit(PURPOSE, FIELDS.sort(tokens(16), null), null))
                    .isInstanceOfSatisfying(Denied.class, denied -> assertThat(denial((PolicyDecision) denied))
                            .isEqualTo(DenialReason.DAILY_VALUES));
        }

        @Test
        void isFetchedThriceWhenManyFetchAtOnce() throws Exception {
            long id = submitted("ann", 11, null);
            requests("bob").approve(id);
            Callable<UnmaskOutcome> fetch = () -> unmask("ann").fetch(id);
            unmask("ann");
            int opened = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (Future<UnmaskOutcome> outcome : threads.invokeAll(Collections.nCopies(8, fetch))) {
                    opened += outcome.get() instanceof Opened ? 1 : 0;
                }
            }

            assertThat(opened).isEqualTo(3);
        }

        @Test
        void countsAgainButIsNotDeniedForTheDayWhenFetchedAgain() {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 15");
            long id = submitted("ann", 11, null);
            requests("bob").approve(id);
            unmask("ann").fetch(id);

            assertThat(unmask("ann").fetch(id)).isInstanceOf(Opened.class);
            assertThat(denial(unmask("ann").unmask(PURPOSE, tokens(1), null))).isEqualTo(DenialReason.DAILY_VALUES);
        }

        @Test
        void isNotFetchedAgainByOthersOrTooLate() {
            long id = submitted("ann", 11, null);
            requests("bob").approve(id);
            unmask("ann").fetch(id);

            assertThat(denial(unmask("bob").fetch(id))).isEqualTo(DenialReason.OTHER_REQUESTER);
            owner.execute("UPDATE sluice.recovery_request SET expires_at = now()");
            assertThat(denial(unmask("ann").fetch(id))).isEqualTo(DenialReason.EXPIRED);
        }
    }

    /** By somebody who has the role's password and psql. */
    @Nested
    class AroundTheProgram {

        private final TestSql ann = new TestSql(RecoveryLogins.url(url, "ann"), TestSql.PUBLIC_FIRST);

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "UPDATE sluice.recovery_policy SET daily_values = 5000",
                    "UPDATE sluice.recovery_request SET approved_by = 'bob', approved_at = now()",
                    "INSERT INTO sluice.recovery_request (requester) VALUES ('bob')",
                    "DELETE FROM sluice.recovery_request",
                    "INSERT INTO sluice.audit (seq) VALUES (1)",
                    "DELETE FROM sluice.audit",
                    "SELECT sluice.audit_append('unmask', '', NULL, NULL, '', 0, '{}')",
                    "SELECT sluice.recovery_decide(NULL, NULL, 'approve', '', 'DSAR', 'C', 'p', 0, '{}')",
                    "SET SESSION AUTHORIZATION bob",
                    "SET ROLE bob"
                })
        void hasNoRight(String statement) {
            submitted("ann", 11, null);
            assertThatThrownBy(() -> ann.execute(statement)).hasStackTraceContaining("permission denied");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "'NO_REASON', 'CASE-7', 'p', '{}', '{}'",
                    "'DSAR', '192.0.2.1', 'p', '{}', '{}'",
                    "NULL, 'CASE-7', 'p', '{}', '{}'",
                    "'DSAR', NULL, 'p', '{}', '{}'",
                    "'DSAR', 'CASE-7', 'p', '{}', '{192.0.2.1}'",
                    "'DSAR', 'CASE-7', 'p', '{}', NULL",
                    "'DSAR', 'CASE-7', 'p', '{}', '{NULL}'"
                })
        void getsNothingIntoTheAuditThatIsNoToken(String parameters) {
            assertThatThrownBy(
                            () -> ann.execute("SELECT sluice.recovery_unmask('', " + parameters + ", '{}'::integer[])"))
                    .hasStackTraceContaining("ERROR: ");
            assertThat(newest(10)).isEmpty();
        }

        @Test
        void reportsNoResultOfWhatWasNotItsOwn() {
            unmask("bob").unmask(PURPOSE, tokens(1), null);

            assertThatThrownBy(() -> ann.execute("SELECT sluice.recovery_result('', 1, 1, '{}', '{}', 0)"))
                    .hasStackTraceContaining("not one of this user");
        }

        @Test
        void spendsTheDayOnceEvenFromAnOldSnapshot() throws SQLException {
            owner.execute("UPDATE sluice.recovery_policy SET daily_values = 10");
            String spend = "SELECT sluice.recovery_unmask('', 'DSAR', 'C', 'p', '{}', ARRAY['"
                    + String.join("','", tokens(10)) + "'], '{}')";
            try (Connection old = DriverManager.getConnection(PostgresServer.jdbcUrl(ann.url()));
                    Statement statement = old.createStatement()) {
                old.setAutoCommit(false);
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                statement.execute("SELECT count(*) FROM sluice.audit");
                ann.execute(spend);
                assertThatThrownBy(() -> statement.execute(spend)).hasMessageContaining("audit_pkey");
            }
            assertThat(actions()).containsExactly("sluice policy", "ann unmask");
        }
    }
}
