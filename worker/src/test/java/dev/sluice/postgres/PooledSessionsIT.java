package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.PgBouncer;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Pooler;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session of PostgreSQL, lent by PgBouncer to a transaction at a time. */
class PooledSessionsIT {

    private static final String SETTINGS = "SELECT concat_ws(' ', current_setting('statement_timeout'),"
            + " current_setting('lock_timeout'), current_setting('transaction_read_only'), current_setting('TimeZone'),"
            + " current_setting('transaction_isolation'), current_setting('search_path'))";

    private final TestDatabase testDatabase = TestDatabase.create();
    private PgBouncer pooler;
    private DatabaseSettings address;

    @BeforeEach
    void startPooler() {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed");
        pooler = PgBouncer.start(testDatabase.url(), 1);
        address = TestSettings.database(pooler.url(testDatabase.url()));
    }

    @AfterEach
    void stopPooler() {
        if (pooler != null) {
            pooler.close();
        }
    }

    private static String settings(Database database) {
        return database.transact("read settings", PooledSessionsIT::settings);
    }

    private static String settings(Connection connection) throws SQLException {
        return Query.of(connection, SETTINGS).text();
    }

    @Test
    void eachTransactionHasTheSettingsOfItsPool() {
        try (Database work = Database.open(address, 2);
                Database views = Database.forViews(address);
                Database maintenance = Database.openForMaintenance(address)) {
            for (int turn = 0; turn < 3; turn++) {
                assertThat(settings(work)).isEqualTo("20s 10s off UTC read committed pg_catalog, pg_temp");
                assertThat(settings(views)).isEqualTo("4s 1s on UTC read committed pg_catalog, pg_temp");
                assertThat(settings(maintenance)).isEqualTo("3595s 0 off UTC read committed pg_catalog, pg_temp");
            }
            assertThat(Connections.<String>reading(
                            address, Duration.ofSeconds(7), "read settings", PooledSessionsIT::settings))
                    .isEqualTo("7s 10s on UTC read committed pg_catalog, pg_temp");
            assertThatThrownBy(() -> views.transact("write", connection -> {
                        Query.execute(connection, "CREATE TABLE public.by_a_view ()");
                        return true;
                    }))
                    .isInstanceOf(InfrastructureException.class);
            assertThat(settings(work)).startsWith("20s 10s off");
        }
    }

    /** The default of the driver prepares a statement on the server when it comes for the fifth time. */
    @Test
    void aStatementMayComeAgainInAnotherSession() {
        try (Database work = Database.open(address, 2)) {
            for (int turn = 0; turn < 20; turn++) {
                assertThat(work.<Boolean>transact("ask", connection -> Query.of(connection, "SELECT ?::integer = 1", 1)
                                .isTrue()))
                        .isTrue();
                assertThat(work.<Long>transact("ask how many are prepared", connection -> Query.of(
                                        connection, "SELECT count(*) FROM pg_prepared_statements")
                                .number()))
                        .isZero();
            }
        }
    }

    @Test
    void raisesSynchronousCommitInEachTransaction() {
        testDatabase
                .administrator()
                .execute("ALTER DATABASE "
                        + testDatabase.query("SELECT current_database()").get(0) + " SET synchronous_commit = off");
        try (Database work = Database.open(address, 1)) {
            String commit =
                    work.transact("read a setting", connection -> Query.of(connection, "SHOW synchronous_commit")
                            .text());
            assertThat(commit).isEqualTo("on");
        }
        assertThat(testDatabase.query("SHOW synchronous_commit")).containsExactly("off");
    }

    @Test
    void aPoolerIsNoticedAndTheServerItselfIsNot() {
        assertThat(Connections.<Boolean>once(address, "look", Pooler::isBetween))
                .isTrue();
        assertThat(Connections.<Boolean>once(testDatabase.address(), "look", Pooler::isBetween))
                .isFalse();
        assertThat(Pooler.isSharing(address)).isTrue();
        assertThat(Pooler.isSharing(testDatabase.address())).isFalse();
    }
}
