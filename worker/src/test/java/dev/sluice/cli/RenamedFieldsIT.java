package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer renames a field: the run's log and doctor say so, and name nothing that the pipeline file does not contain. */
class RenamedFieldsIT {

    private static final String EVENT =
            "{\"user_id\":\"u\",\"app_version\":\"2.3\",\"%s\":\"ios\",\"ip\":\"192.0.2.1\","
                    + "\"locale\":\"en\",\"device_id\":\"d\",\"alice@example.com\":1}";

    private static final String RENAMED =
            "device_type was absent from 8 of 10 records; a field deviceType that no column reads appeared 8 times:"
                    + " was it renamed?";

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(Stream.concat(
                        IntStream.range(0, 8).mapToObj(i -> EVENT.formatted("deviceType")),
                        IntStream.range(0, 2).mapToObj(i -> EVENT.formatted("device_type")))
                .toList());
    }

    @Test
    void areReportedAtTheEndOfARunAndByDoctor() {
        Ran run = playground.drain();
        Ran doctor = playground.sluice("doctor");

        assertThat(run.err()).contains("Fields: " + RENAMED);
        assertThat(run.lastLine()).startsWith("received 10 = stored 10");
        assertThat(doctor.out()).contains(RENAMED);
        assertThat(run.out() + run.err() + doctor.out() + doctor.err()).doesNotContain("alice");
        assertThat(playground.query("SELECT name FROM sluice.field_count")).doesNotContain("alice@example.com");
    }

    @Test
    void areComparedWithTheDaysBefore() {
        // The day in UTC, as they are recorded: the session's zone is that of the JVM.
        playground.execute("INSERT INTO sluice.field_count SELECT 'user-logins', (now() AT TIME ZONE 'UTC')::date - 1,"
                + " kind, field, records FROM (VALUES ('records', '', 10000),"
                + " ('absent', 'device_type', 2), ('absent', 'create_date', 10000)) AS counts (kind, field, records)");
        playground.drain();

        assertThat(playground.sluice("doctor").out())
                .contains(
                        "device_type was absent from 8 of 10 records (2 of 10000 in the days before); a field deviceType")
                .doesNotContain("create_date was absent");
    }

    @Test
    void areNamedWithAllOthersOnlyIfAskedFor() {
        Ran run = playground.drain("--report-field-names");

        assertThat(run.err()).contains("Fields that no column reads: alice@example.com 10, deviceType 8");
        assertThat(playground.sluice("doctor").out()).contains("alice@example.com 10");
    }

    /** The rows are stored, whatever becomes of the counts. */
    @Test
    void doNotFailTheRunIfTheyCannotBeRecorded() {
        playground.execute("DROP TABLE sluice.field_count");

        Ran run = playground.drain();

        assertThat(run.lastLine()).startsWith("received 10 = stored 10");
        assertThat(run.err()).contains("The counts of fields are recorded later: ");
    }

    @Test
    void areSaidToBeUnknownToARoleThatMayNotReadThem() {
        playground.sluice("migrate", "--roles").succeeded();
        playground.drain();
        String reader = "fields_reader_" + ProcessHandle.current().pid();
        playground.administrator().execute("CREATE ROLE " + reader + " LOGIN IN ROLE sluice_analyst");

        Ran doctor = playground.as(reader).sluice("doctor");

        assertThat(doctor.exitCode()).isNotEqualTo(ExitCode.DONE);
        assertThat(doctor.out()).doesNotContain("deviceType");
    }

    @Test
    void haveNoLineWhenThereIsNothingToSay(@TempDir Path folder) {
        Playground other = Playground.ready(folder);
        other.send(List.of(EVENT.formatted("device_type").replace(",\"alice@example.com\":1", "")));

        Ran run = other.drain();

        assertThat(run.err()).doesNotContain("Fields");
        assertThat(other.sluice("doctor").out()).contains("no column lost its field");
    }
}
