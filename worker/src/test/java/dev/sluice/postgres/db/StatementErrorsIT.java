package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a statement meets in a database that is not as it was. */
class StatementErrorsIT {

    private final TestDatabase testDatabase = TestDatabase.create();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 FROM shop.t | CONFIG | a table does not exist, SQLSTATE 42P01, relation \"shop.t\"; `sluice migrate`",
                "CREATE TABLE shop.t () | CONFIG | a schema does not exist, SQLSTATE 3F000, schema \"shop\"; `sluice migrate --create-schema`",
                "INSERT INTO t (b) VALUES (1) | CONFIG | a column does not exist, SQLSTATE 42703, column \"b\" of relation \"t\"; migrate never alters a table: `sluice migrate --print-sql` prints the ALTER TABLE",
                "SELECT sluice.nothing(1) | CONFIG | a schema does not exist, SQLSTATE 3F000, schema \"sluice\"",
                "SELECT nothing(1) | CONFIG | a function does not exist, SQLSTATE 42883, function nothing(integer); `sluice migrate`",
                "TABLE secret | NOT_PERMITTED | this user lacks a privilege, SQLSTATE 42501, table secret; docs/roles.md",
                "SET LOCAL transaction_read_only = on; INSERT INTO t VALUES (1) | TRANSIENT | the server is read-only, SQLSTATE 25006; it is a standby",
                "SET LOCAL statement_timeout = 50; SELECT pg_sleep(5) | TRANSIENT | a statement took too long or was canceled, SQLSTATE 57014;",
                "SELECT pg_terminate_backend(pg_backend_pid()) | TRANSIENT | the server ended the connection, SQLSTATE 57P01;",
                "INSERT INTO t VALUES (2147483648) | FATAL | a row does not satisfy the table, SQLSTATE 22003;",
            })
    void namesTheCauseTheObjectAndTheRemedy(String sql, Kind kind, String expected) {
        testDatabase.execute("CREATE TABLE t (a integer)");
        testDatabase.administrator().execute("CREATE TABLE secret (a integer)");
        DatabaseSettings address = testDatabase.address();
        try (Database database = testDatabase.open()) {
            InfrastructureException failure = catchThrowableOfType(
                    InfrastructureException.class,
                    () -> database.transact("try it", connection -> {
                        Query.execute(connection, "SET LOCAL search_path = public");
                        Query.execute(connection, sql);
                        return 0;
                    }));

            assertThat(failure).hasMessageContaining("could not try it at " + address.place() + ": " + expected);
            assertThat(failure.kind()).isEqualTo(kind);
        }
    }
}
