package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.net.URI;
import java.nio.file.Path;
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
                .contains("sluice@" + NOBODY + "/db", "SQLSTATE 08001", "check that it is running")
                .doesNotContain("tried again");
    }

    @Test
    void exits69WhenTheQueueDoesNotAnswer() {
        playground.set("AWS_ENDPOINT_URL_SQS", "http://" + NOBODY);

        assertThat(refusal(ExitCode.UNAVAILABLE)).contains(playground.queue, "connection refused", NOBODY);
    }

    @Test
    void exits77OnAWrongPassword() {
        playground.set(
                "SLUICE_DATABASE_URL",
                playground.databaseUrl.replaceFirst("//sluice:[^@]+@", "//sluice:" + PASSWORD + "@"));

        assertThat(refusal(ExitCode.NOT_PERMITTED)).contains("28P01", "PGPASSWORD");
    }

    @Test
    void exits77WhenTheRoleMayNotWriteTheTable() {
        playground.execute("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA sluice TO reader;"
                + " GRANT EXECUTE ON FUNCTION sluice.schema_version() TO reader");
        playground.as("reader");

        assertThat(refusal(ExitCode.NOT_PERMITTED)).contains("user_logins", "GRANT INSERT");
    }

    @Test
    void exits78OnAMalformedAddressWithoutRepeatingIt() {
        playground.set("SLUICE_DATABASE_URL", "postgresql://sluice:" + PASSWORD + "@host:port/db");

        assertThat(refusal(ExitCode.CONFIG)).contains("SLUICE_DATABASE_URL");
    }

    @Test
    void takesThePasswordFromAFile() {
        String password = URI.create(playground.databaseUrl).getUserInfo().split(":", 2)[1];
        playground.send(Events.logins(1));
        playground
                .set("SLUICE_DATABASE_URL", playground.databaseUrl.replace(":" + password + "@", "@"))
                .set(
                        "PGPASSWORD_FILE",
                        playground.write("password", password + "\n").toString());

        playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(playground.count("user_logins")).isEqualTo(1);
    }

    private String refusal(int exitCode) {
        Ran run = playground.sluice("run", "--until-empty", "--log-level", "trace");
        assertThat(run.out() + run.err()).doesNotContain(PASSWORD, "s3cr3t");
        return run.refused(exitCode);
    }
}
