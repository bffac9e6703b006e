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
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issue 8, items 4 and 10: who may hold the audit's lock, for how long, and that what is acknowledged is on disk. */
class AuditLockIT {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    private static final String TOKEN = "AQ" + "A".repeat(48);
    private static final String UNMASK =
            "SELECT sluice.recovery_unmask('', 'DSAR', 'C', 'p', '{}', '{" + TOKEN + "}', '{}')";

    private final String url = SERVER.createDatabase();
    private final TestSql owner = new TestSql(url, TestSql.PUBLIC_FIRST);
    /** Ends a wait that today's code would not end. */
    private final TestSql ann = new TestSql(RecoveryLogins.url(url, "ann"), "SET statement_timeout = '15s'");

    @BeforeEach
    void migrate() {
        new Migrations(address("sluice")).run();
        RecoveryLogins.create(owner, "ann", "bob");
    }

    private DatabaseSettings address(String user) {
        return TestSettings.database(RecoveryLogins.url(url, user));
    }

    private Connection session(String user) throws SQLException {
        Connection session = DriverManager.getConnection(PostgresServer.jdbcUrl(RecoveryLogins.url(url, user)));
        session.setAutoCommit(false);
        return session;
    }

    private static String ask(Connection session, String question) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    @Test
    void goesOnWhileALoginWithoutAnyGrantHoldsTheAdvisoryLockOfOldVersions() throws SQLException {
        owner.execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        try (Connection stranger =
                DriverManager.getConnection(PostgresServer.jdbcUrl(SERVER.loginUrl(url, "stranger")))) {
            ask(stranger, "SELECT pg_advisory_lock(hashtextextended('sluice.audit', 0))");
            ann.execute(UNMASK);
            assertThatThrownBy(() -> ask(stranger, "SELECT 1 FROM sluice.mutex"))
                    .hasMessageContaining("permission denied");
        }
        assertThat(owner.query("SELECT action FROM sluice.audit")).containsExactly("unmask");
    }

    @Test
    void namesTheSessionThatHoldsTheAuditAndGivesUp() throws SQLException {
        try (Connection bob = session("bob");
                Database database = Database.open(address("ann"), 1)) {
            ask(bob, UNMASK);
            String pid = ask(bob, "SELECT pg_backend_pid()");
            RecoveryPolicy permissions =
                    new RecoveryPolicy(database, Pipelines.load("user-logins").name());
            Purpose purpose = new Purpose(RecoveryReason.DSAR, "CASE-7");

            assertThatThrownBy(() -> permissions.find(purpose, List.of("masked_ip"), List.of(TOKEN)))
                    .isInstanceOfSatisfying(InfrastructureException.class, busy -> assertThat(busy.kind())
                            .isEqualTo(InfrastructureException.Kind.TRANSIENT))
                    .hasMessageContaining("process " + pid + " of login bob, holds the mutex");
            bob.rollback();
            permissions.find(purpose, List.of("masked_ip"), List.of(TOKEN));
        }
    }

    /** A role may change its own settings; only the one that loses entries is raised. */
    @ParameterizedTest
    @CsvSource({"off, on", "local, local", "on, on"})
    void waitsForTheDiskWhateverTheRoleIsSetTo(String set, String expected) throws SQLException {
        owner.execute("ALTER ROLE ann SET synchronous_commit = " + set);
        try (Connection session = session("ann")) {
            assertThat(ask(session, "SHOW synchronous_commit")).isEqualTo(set);
            ask(session, UNMASK);
            assertThat(ask(session, "SHOW synchronous_commit")).isEqualTo(expected);
            session.rollback();
            assertThat(ask(session, "SHOW synchronous_commit")).isEqualTo(set);
        } finally {
            owner.execute("ALTER ROLE ann RESET synchronous_commit");
        }
    }

    @Test
    void boundsHowLongASessionMayIdleWithTheLock() throws SQLException {
        try (Connection session = session("ann")) {
            ask(session, UNMASK);
            assertThat(ask(session, "SHOW idle_in_transaction_session_timeout")).isEqualTo("10s");
        }
    }
}
