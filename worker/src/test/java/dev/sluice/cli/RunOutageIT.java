package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.embedded.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue or a database that does not answer, or does not let us in; and what is not said about it. */
class RunOutageIT {

    private static final String PASSWORD = "s3cr3t%2Bword";

    /** The discard service's neighbour, where nobody listens. */
    private static final String NOBODY = "127.0.0.1:1";

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void exits69WhenTheDatabaseDoesNotAnswer() {
        playground.set("SLUICE_DATABASE_URL", "postgresql://sluice:" + PASSWORD + "@" + NOBODY + "/db");

        String refusal = refusal(ExitCode.UNAVAILABLE);

        assertThat(refusal)
                .contains("sluice@" + NOBODY + "/db", "SQLSTATE 08001", "check that it is up")
                .doesNotContain("tried again");
    }

    @Test
    void exits69WhenTheQueueDoesNotAnswer() {
        playground.set("AWS_ENDPOINT_URL_SQS", "http://" + NOBODY);

        assertThat(refusal(ExitCode.UNAVAILABLE)).contains(playground.queue, "connection refused", NOBODY);
    }

    @Test
    void exits77OnAWrongPassword() throws IOException {
        playground.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'");
        demandPasswordOf("guarded");
        playground.set("SLUICE_DATABASE_URL", playground.databaseUrl.replace("sluice@", "guarded:" + PASSWORD + "@"));

        assertThat(refusal(ExitCode.NOT_PERMITTED)).contains("28P01", "PGPASSWORD");
    }

    @Test
    void exits77WhenTheRoleMayNotWriteTheTable() {
        playground.execute("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA sluice TO reader;"
                + " GRANT EXECUTE ON FUNCTION sluice.schema_version() TO reader");
        playground.set("SLUICE_DATABASE_URL", playground.databaseUrl.replace("sluice@", "reader@"));

        assertThat(refusal(ExitCode.NOT_PERMITTED)).contains("user_logins", "GRANT INSERT");
    }

    @Test
    void exits78OnAMalformedAddressWithoutRepeatingIt() {
        playground.set("SLUICE_DATABASE_URL", "postgresql://sluice:" + PASSWORD + "@host:port/db");

        assertThat(refusal(ExitCode.CONFIG)).contains("SLUICE_DATABASE_URL");
    }

    @Test
    void takesThePasswordFromAFile() throws IOException {
        playground.execute("CREATE ROLE filed LOGIN SUPERUSER PASSWORD 'right'");
        demandPasswordOf("filed");
        playground.send(Events.logins(1));
        playground
                .set("SLUICE_DATABASE_URL", playground.databaseUrl.replace("sluice@", "filed@"))
                .set("PGPASSWORD_FILE", playground.write("password", "right\n").toString());

        playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(1);
    }

    private String refusal(int exitCode) {
        Ran run = playground.sluice("run", "--until-empty", "--log-level", "trace");
        assertThat(run.out() + run.err()).doesNotContain(PASSWORD, "s3cr3t");
        return run.refused(exitCode);
    }

    /** The rule must stand before the one that trusts everybody; the server reads the file again a moment later. */
    private void demandPasswordOf(String role) throws IOException {
        Path rules = Path.of(playground.query("SHOW hba_file").getFirst());
        Files.writeString(rules, "host all " + role + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        playground.query("SELECT pg_reload_conf()");
        await().until(() -> isRefusedWithoutPassword(role));
    }

    private boolean isRefusedWithoutPassword(String role) {
        String url = PostgresServer.jdbcUrl(playground.databaseUrl).replace("user=sluice", "user=" + role);
        try {
            DriverManager.getConnection(url).close();
            return false;
        } catch (SQLException e) {
            return true;
        }
    }
}
