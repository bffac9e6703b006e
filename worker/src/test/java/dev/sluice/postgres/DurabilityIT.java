package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.SettingsReader;
import dev.sluice.failure.Finding;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.DatabaseChecks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault matrix, row 42: how sessions commit, whatever the database's default is. */
class DurabilityIT {

    private static final String SHOW = "SELECT current_setting('synchronous_commit')";

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20));
    private final TestDatabase testDatabase = TestDatabase.migrated();

    @ParameterizedTest
    @CsvSource({
        "off, on, on",
        "local, on, local",
        "remote_apply, on, remote_apply",
        "on, on, on",
        "off, as-found, off",
        "local, as-found, local"
    })
    void raisesOffOnlyInEverySession(String found, String setting, String used) throws SQLException {
        servesAs(found);
        DatabaseSettings address = address(setting);
        try (Database work = Database.open(address, 1);
                Database maintenance = Database.openForMaintenance(address);
                Connection single = Connections.single(address)) {
            assertThat(work.transact("ask", DurabilityIT::shown)).isEqualTo(used);
            assertThat(maintenance.transact("ask", DurabilityIT::shown)).isEqualTo(used);
            assertThat(shown(single)).isEqualTo(used);
        }
    }

    @Test
    void survivesRollbackOfAnEarlierTransaction() {
        servesAs("off");
        try (Database work = Database.open(address("on"), 1)) {
            String afterRollback = work.transact("ask", connection -> {
                shown(connection);
                connection.rollback();
                return shown(connection);
            });
            assertThat(afterRollback).isEqualTo("on");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "off, on, PASS, 'is off, on in our sessions, synchronous_standby_names is empty'",
        "on, on, PASS, 'is on, synchronous_standby_names is empty: a commit is on disk'",
        "off, as-found, WARN, 'set database.synchronous-commit to on'"
    })
    void doctorShowsWhatSessionsFind(String found, String setting, Finding.Verdict verdict, String text) {
        servesAs(found);
        Finding finding = new DatabaseChecks(address(setting), spec, 1)
                .check().stream()
                        .filter(each -> each.subject().equals("database durability"))
                        .findFirst()
                        .orElseThrow();
        assertThat(finding.verdict()).isEqualTo(verdict);
        assertThat(finding.message()).contains("synchronous_commit", text);
    }

    private void servesAs(String found) {
        testDatabase.execute(
                "ALTER DATABASE " + testDatabase.address().database() + " SET synchronous_commit = " + found);
    }

    private DatabaseSettings address(String setting) {
        return SettingsReader.read(
                        Map.of(),
                        null,
                        Map.of(
                                "SLUICE_DATABASE_URL",
                                testDatabase.url(),
                                "SLUICE_DATABASE_SYNCHRONOUS_COMMIT",
                                setting))
                .database();
    }

    private static String shown(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(SHOW)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
