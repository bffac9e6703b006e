package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssessCommandIT {

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.execute(
                "CREATE SCHEMA crm; CREATE TABLE crm.\"People\" AS SELECT i AS id, '203.0.113.' || i AS address,"
                        + " 'user' || i || '@example.com' AS mail, md5('111-22-' || (3000 + i)) AS device,"
                        + " sha256(convert_to('198.18.0.' || i, 'UTF8')) AS raw, 'x'::text AS fixed, NULL::text AS nothing,"
                        + " CASE WHEN i % 2 = 0 THEN '123-45-6789' END AS number FROM generate_series(1, 200) AS i");
    }

    @Test
    void tellsWhatAStrangerReadsAndTriesWhatLooksLikeAHash() {
        List<String> lines = assess("--table", "crm.People", "--seconds", "4").lines();

        assertThat(lines)
                .satisfiesExactly(
                        address -> assertThat(address)
                                .startsWith("{\"column\":\"address\",\"values\":200,\"distinct\":200,")
                                .contains("\"reversible\":1.0,", "{\"IPv4 address in clear\":200}", "\"attacks\":[]"),
                        mail -> assertThat(mail).contains("{\"e-mail address in clear\":200}"),
                        device -> assertThat(device)
                                .contains("{\"MD5 by its form\":200}")
                                .containsPattern("\"algorithm\":\"MD5\",\"space\":\"ddd-dd-dddd\",\"hashes\":200,"
                                        + "\"reversed\":\\d+,\"tried\":[1-9]\\d+,\"size\":1000000000")
                                .contains("\"space\":\"ipv4\""),
                        raw -> assertThat(raw).contains("{\"SHA-256 by its form\":200}"),
                        fixed -> assertThat(fixed).contains("\"constant\":true,\"reversible\":0.0"),
                        nothing -> assertThat(nothing).contains("\"values\":0"),
                        number -> assertThat(number)
                                .contains("\"values\":100,\"distinct\":1,\"constant\":true")
                                .contains("{\"ddd-dd-dddd in clear\":100}"));
    }

    @Test
    void showsNoValueAndChangesNothing() {
        List<String> before = playground.query("SELECT p::text FROM crm.\"People\" p");

        Ran ran = playground
                .sluice("assess", "--table", "crm.People", "--seconds", "1")
                .succeeded();

        assertThat(ran.out()).contains("200 IPv4 address in clear", "a constant", "would take about");
        assertThat(ran.out() + ran.err())
                .doesNotContain("203.0.113.", "@example.com", "123-45", "111-22", "198.18")
                .doesNotContain(playground.query("SELECT device FROM crm.\"People\" LIMIT 1"));
        assertThat(playground.query("SELECT p::text FROM crm.\"People\" p")).isEqualTo(before);
    }

    @Test
    void takesThePipelinesTableAndItsTokensForWhatTheyAre() {
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        new MaskedLogins(playground).insert(0, 50);

        assertThat(assess("--column", "masked_ip", "--seconds", "1").lastLine())
                .contains("\"reversible\":0.0,", "{\"Sluice token\":50}", "\"attacks\":[]");
    }

    @Test
    void tellsOfTablesAndColumnsThatAreNotThere() {
        assertThat(playground.sluice("assess", "--table", "nowhere").refused(ExitCode.CONFIG))
                .contains("nowhere");
        assertThat(playground
                        .sluice("assess", "--table", "crm.People", "--column", "id")
                        .refused(ExitCode.CONFIG))
                .contains("crm.People");
    }

    private Ran assess(String... options) {
        String[] call = new String[options.length + 3];
        call[0] = "assess";
        System.arraycopy(options, 0, call, 1, options.length);
        call[call.length - 2] = "--output";
        call[call.length - 1] = "json";
        return playground.sluice(call).succeeded();
    }
}
