package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.sandbox.Sandbox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperateDocsIT {

    private static final Document PAGE = Document.read("docs/operate.md");
    /** A comment of SQL that stands for a command. */
    private static final String MIGRATE = "-- sluice migrate --partition-by create_date";

    private static final Document ROLES = Document.read("docs/roles.md");

    @Test
    void theLoginThatThePageMakesIsEnoughForARun(@TempDir Path folder) throws SQLException {
        try (LoginSandbox login = LoginSandbox.start(folder)) {
            Sandbox sandbox = login.sandbox();
            Map<String, String> owner = login.environment();
            assertThat(InProcess.run(owner, "keys", "create", "--allow-cleartext-keys")
                            .exitCode())
                    .isZero();
            assertThat(InProcess.run(owner, "migrate", "--roles").exitCode()).isZero();
            execute(sandbox, ROLES.section("## Make the roles").blocks("sql").getFirst());
            Map<String, String> writer = new HashMap<>(owner);
            writer.put("SLUICE_DATABASE_URL", login.urlFor("login_worker"));

            InProcess doctor = InProcess.run(writer, "doctor");
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("login_worker@");
            InProcess run = InProcess.run(writer, "run", "--until-empty");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.lastLine()).startsWith("received 2 = stored 1 + duplicates 0 + quarantined 1");
            assertThat(reasons(sandbox)).isEqualTo("missing");
            for (String sql : PAGE.blocks("sql")) {
                int between = sql.indexOf(MIGRATE);
                if (between < 0) {
                    execute(sandbox, sql);
                } else {
                    execute(sandbox, sql.substring(0, between));
                    assertThat(InProcess.run(owner, "migrate", "--partition-by", "create_date")
                                    .exitCode())
                            .isZero();
                    execute(sandbox, sql.substring(between));
                }
            }
        }
    }

    private static void execute(Sandbox sandbox, String sql) throws SQLException {
        try (Connection connection = connect(sandbox);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** By the query that the page gives for alerts. */
    private static String reasons(Sandbox sandbox) throws SQLException {
        String query = PAGE.section("## What to alert on").blocks("sql").getFirst();
        try (Connection connection = connect(sandbox);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString("reason") : "";
        }
    }

    private static Connection connect(Sandbox sandbox) throws SQLException {
        return DriverManager.getConnection(PostgresServer.jdbcUrl(sandbox.databaseUrl()));
    }
}
