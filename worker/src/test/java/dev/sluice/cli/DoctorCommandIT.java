package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.pipeline.Source.Depth;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandIT {

    /** What a remedy begins with: a line that names none leaves its reader alone. */
    private static final String REMEDY =
            "(?s).*(\\bset \\w+|\\brun [`']|\\bcheck |\\bcreates it|\\bGRANT |\\bchmod |encrypt it with a KMS key|was expected|\\brun ALTER |restore it from|sluice migrate|with maxReceiveCount).*";

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void findsThatARunWouldWorkAndChangesNothing() {
        playground.send(Events.logins(3));

        Ran doctor = examine(ExitCode.DONE);

        assertThat(doctor.out()).doesNotContain("\"fail\"");
        assertThat(subjects(doctor))
                .contains("pipeline", "keys", "AWS credentials", "queue", "queue visibility timeout")
                .contains("sqs:DeleteMessage", "database connection", "database TLS", "schema sluice");
        assertThat(playground.depth()).isEqualTo(new Depth(3, 0, 0));
        assertThat(playground.count("user_logins")).isZero();
    }

    @Test
    void reportsEachUnusableSettingOnceAndStillChecksTheKeys() {
        playground.set("AWS_ENDPOINT_URL_SQS", "nowhere").set("SLUICE_DATABASE_URL", "nowhere");

        Ran doctor = examine(ExitCode.CONFIG);

        assertThat(doctor.lines().stream().filter(line -> line.contains("\"subject\":\"settings\"")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("aws.endpoint-url (environment AWS_ENDPOINT_URL_SQS)"))
                .anySatisfy(line -> assertThat(line).contains("database.url (environment SLUICE_DATABASE_URL)"));
        assertThat(subjects(doctor)).contains("keys");
    }

    @Test
    void exits78WhenTheSchemaIsMissing() {
        playground.execute("DROP SCHEMA sluice CASCADE");

        assertThat(failures(examine(ExitCode.CONFIG)))
                .singleElement()
                .asString()
                .contains("schema sluice", "`sluice migrate`");
    }

    @Test
    void exits78WhenAColumnIsTooNarrow() {
        playground.execute("ALTER TABLE user_logins ALTER masked_ip TYPE varchar(64)");

        assertThat(failures(examine(ExitCode.CONFIG)))
                .singleElement()
                .asString()
                .contains("masked_ip", "character varying(64)", "varchar(256)");
    }

    @Test
    void exits78WhenTheQueueIsMissingAndNamesThoseThatAreThere() {
        playground.set("SLUICE_QUEUE", "no-such-queue");

        assertThat(failures(examine(ExitCode.CONFIG)))
                .singleElement()
                .asString()
                .contains("no-such-queue", "Existing queues: ");
    }

    @Test
    void exits69WhenTheDatabaseDoesNotAnswer() {
        playground.set("SLUICE_DATABASE_URL", "postgresql://sluice:geheim@127.0.0.1:1/db");

        Ran doctor = examine(ExitCode.UNAVAILABLE);

        assertThat(failures(doctor)).singleElement().asString().contains("database connection", "127.0.0.1:1");
        assertThat(doctor.out() + doctor.err()).doesNotContain("geheim");
    }

    @Test
    void exits69WhenTheQueueDoesNotAnswer() {
        playground.set("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1");

        assertThat(failures(examine(ExitCode.UNAVAILABLE)))
                .singleElement()
                .asString()
                .contains("queue endpoint", "connection refused");
    }

    @Test
    void exits77WhenTheRoleMayNotWriteTheTable() {
        playground.execute("CREATE ROLE looker LOGIN; GRANT USAGE ON SCHEMA sluice TO looker;"
                + " GRANT SELECT ON ALL TABLES IN SCHEMA public, sluice TO looker");
        playground.as("looker");

        assertThat(failures(examine(ExitCode.NOT_PERMITTED)))
                .hasSizeGreaterThan(1)
                .anyMatch(line -> line.contains("GRANT INSERT"));
    }

    @Test
    void findsEverythingThatIsWrongInOneCall() {
        playground
                .set("SLUICE_KEYS", "absent.json")
                .set("SLUICE_QUEUE", "no-such-queue")
                .execute("DROP TABLE user_logins");

        assertThat(failures(examine(ExitCode.CONFIG)))
                .hasSize(3)
                .anyMatch(line -> line.contains("\"keys\""))
                .anyMatch(line -> line.contains("no-such-queue"))
                .anyMatch(line -> line.contains("table user_logins does not exist"));
    }

    @Test
    void warnsOfPlainSha256() {
        playground.set("SLUICE_PIPELINE", "user-logins-sha256");

        assertThat(playground.sluice("doctor").succeeded().out())
                .containsPattern("(?m)^warn +mask of masked_ip +plain SHA-256")
                .containsPattern("(?m)^pass +schema sluice");
    }

    @Test
    void warnsOfTriggersThatMayDropRows() {
        playground.execute("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
                + " CREATE TRIGGER keeper BEFORE INSERT ON user_logins FOR EACH ROW EXECUTE FUNCTION keep()");

        assertThat(examine(ExitCode.DONE).lines())
                .filteredOn(line -> line.contains("table triggers"))
                .singleElement()
                .asString()
                .contains("warn", "keeper on public.user_logins", "sink.rows-taken-by-trigger: accept");
    }

    private Ran examine(int exitCode) {
        Ran doctor = playground.sluice("doctor", "--output", "json");
        assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isEqualTo(exitCode);
        assertThat(doctor.lines())
                .filteredOn(line -> !line.contains("\"verdict\":\"pass\""))
                .allSatisfy(line -> assertThat(line).matches(REMEDY));
        return doctor;
    }

    private static List<String> failures(Ran doctor) {
        return doctor.lines().stream()
                .filter(line -> line.contains("\"verdict\":\"fail\""))
                .toList();
    }

    private static List<String> subjects(Ran doctor) {
        return doctor.lines().stream()
                .map(line -> line.replaceFirst(".*\"subject\":\"([^\"]*)\".*", "$1"))
                .toList();
    }
}
