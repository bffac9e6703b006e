package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class DatabaseFailuresTest {

    private static final DatabaseSettings ADDRESS = TestSettings.database("postgresql://u:hunter2@[::1]/shop");

    @ParameterizedTest
    @CsvSource({
        "08006, TRANSIENT",
        "08001, TRANSIENT",
        "57P01, TRANSIENT",
        "53300, TRANSIENT",
        "53100, TRANSIENT",
        "58030, TRANSIENT",
        "25006, TRANSIENT",
        "40001, TRANSIENT",
        "40P01, TRANSIENT",
        "55P03, TRANSIENT",
        "57014, TRANSIENT",
        "28P01, NOT_PERMITTED",
        "28000, NOT_PERMITTED",
        "42501, NOT_PERMITTED",
        "3D000, CONFIG",
        "42P01, CONFIG",
        "42703, CONFIG",
        "3F000, CONFIG",
        "22P03, CONFIG",
        "2200H, CONFIG",
        "22001, FATAL",
        "23505, FATAL",
        "23514, FATAL",
        "XX000, FATAL",
    })
    void sortsBySqlstate(String state, Kind kind) {
        InfrastructureException failure =
                DatabaseFailures.translate(ADDRESS, "store a batch", new SQLException("canary", state));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageContaining(state)
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"22001", "22P02", "22P05", "23502", "23503", "23505", "23514", "23P01", "09000", "54000", "P0001"
            })
    void takesStateForRejectionOfRow(String state) {
        assertThat(DatabaseFailures.rejection(new SQLException("canary", state)))
                .isEqualTo(new SqlError(state, null, null, 0));
    }

    @Test
    void takesStateThatPostgresDoesNotKnowForTriggersRejection() {
        assertThat(DatabaseFailures.rejection(new SQLException("canary", "AB123")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "2200H", "22P03", "22P04", "25006", "25P02", "28P01", "3D000", "40001", "40P01", "42P01",
                "42501", "53100", "53300", "54001", "55P03", "57014", "57P01", "58030", "XX000", "XX001", "0A000",
                "none"
            })
    void neverTakesStateOfFaultForRejection(String state) {
        SQLException failure = new SQLException("canary", state);
        assertThat(DatabaseFailures.rejection(failure)).isNull();
        assertThat(DatabaseFailures.whileRunning(ADDRESS, "store a batch", failure)
                        .kind())
                .isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void namesConstraintOfBatchAndNotItsValues() {
        // Fields of an ErrorResponse as the protocol sends them (PostgreSQL manual, 55.8).
        ServerErrorMessage server = new ServerErrorMessage(
                "SERROR\0C23514\0Mcanary\0DFailing row contains (canary)\0tevents\0nno_canaries\0");
        BatchUpdateException batch = new BatchUpdateException("INSERT canary", "23514", new int[0]);
        batch.setNextException(new PSQLException(server, false));
        assertThat(DatabaseFailures.translate(ADDRESS, "store a batch", batch))
                .hasMessageContaining("table events")
                .hasMessageContaining("constraint no_canaries")
                .hasMessageNotContaining("canary ")
                .hasMessageNotContaining("INSERT");
    }

    @Test
    void takesStateFromChainWhenOutermostHasNone() {
        SQLException outer = new SQLException("canary");
        outer.initCause(new SQLException("canary", "28P01"));
        assertThat(DatabaseFailures.state(outer)).isEqualTo("28P01");
        assertThat(DatabaseFailures.translate(ADDRESS, "connect", outer).kind()).isEqualTo(Kind.NOT_PERMITTED);
        assertThat(DatabaseFailures.translate(ADDRESS, "connect", new SQLException("canary"))
                        .kind())
                .isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void namesWhoConnectsWhereAndNotThePassword() {
        assertThat(DatabaseFailures.translate(ADDRESS, "store a batch", new SQLException("canary", "57P03")))
                .hasMessage("could not store a batch at u@[::1]:5432/shop: the server is starting up, shutting down or"
                        + " recovering, SQLSTATE 57P03; try again when it is up");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SERROR\\0C42501\\0Mpermission denied for table t\\0Raclcheck_error\\0 | , table t;",
                "SERROR\\0C42703\\0Mcolumn \"a\" of relation \"t\" does not exist\\0 | , column \"a\" of relation \"t\";",
                "SERROR\\0C3F000\\0Mschema \"shop\" does not exist\\0 | , schema \"shop\";",
                // In another language the object is not named.
                "SERROR\\0C42501\\0Mkeine Berechtigung für Tabelle canary\\0Raclcheck_error\\0 | SQLSTATE 42501;",
                // RAISE, and SQL that a trigger builds from a row.
                "SERROR\\0C42501\\0Mpermission denied for table canary\\0Rexec_stmt_raise\\0 | SQLSTATE 42501;",
                "SERROR\\0C42P01\\0Mrelation \"canary\" does not exist\\0WPL/pgSQL function f() line 1\\0 | SQLSTATE 42P01;",
            })
    void namesTheObjectThatOnlyTheMessageNamesUnlessItMayBeAValue(String fields, String expected) {
        PSQLException failure = new PSQLException(new ServerErrorMessage(fields.replace("\\0", "\0")), false);
        assertThat(DatabaseFailures.translate(ADDRESS, "store a batch", failure))
                .hasMessageContaining(expected)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COPY events, line 517 | 517",
                "COPY events, line 5, column c1 | 5",
                "COPY events, Zeile 7 | 7",
                "COPY events, строка 7 | 7",
                "PL/pgSQL function f() line 1 at RAISE\\nCOPY events, line 3 | 3",
                "PL/pgSQL function f() line 1 at RAISE | 0",
                "COPY inner, line 9\\nSQL statement \"COPY inner\" | 0",
                "COPY events, line 99999999999 | 0",
                "'' | 0",
                " | 0"
            })
    void readsTheRowFromTheContextOfACopy(@Nullable String context, int line) {
        assertThat(DatabaseFailures.line(context == null ? null : context.replace("\\n", "\n")))
                .isEqualTo(line);
    }
}
