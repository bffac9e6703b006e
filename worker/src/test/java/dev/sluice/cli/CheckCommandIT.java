package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.badinput.BadInput;
import dev.sluice.badinput.BadInputs;
import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that it names is there: no queue, no tables, no keys. */
class CheckCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder)
                .unset("SLUICE_KEYS")
                .unset("SLUICE_DATABASE_URL")
                .unset("AWS_ENDPOINT_URL_SQS")
                .set("AWS_REGION", "nowhere");
    }

    @Test
    void saysOfEachRecordWhetherItWouldBeStored() {
        List<String> logins = Events.logins(3);
        Path file = playground.write(
                "events",
                logins.get(0) + "\n\n" + Events.BAD + "\n[" + logins.get(1) + ","
                        + logins.get(2).replace("198.18", "198") + "]\n");

        Ran check = playground.sluice("check", file.toString());

        assertThat(check.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(check.err()).isEmpty();
        assertThat(check.lines())
                .containsExactly(
                        "line 1: stored",
                        "line 3, message 2: missing in column user_id (the field is required, and absent or null)",
                        "line 4, message 3, record 0: stored",
                        "line 4, message 3, record 1: invalid-ip in column masked_ip"
                                + " (an IPv4 address of four decimal octets, or an IPv6 address, was expected)",
                        "checked 3 messages, 4 records = stored 2 + rejected 2",
                        "  missing 1",
                        "  invalid-ip 1");
    }

    @Test
    void exits0WhenAllWouldBeStored() {
        Ran check = playground.sluiceReading(String.join("\n", Events.logins(2)), "check", "--rejected-only", "-");

        assertThat(check.succeeded().lines()).containsExactly("checked 2 messages, 2 records = stored 2 + rejected 0");
    }

    @Test
    void printsAnObjectALineForMachines() {
        String array = "[\n " + Events.logins(1).getFirst() + ",\n\n" + Events.BAD + ", 7]";

        Ran check = playground.sluiceReading(array, "check", "-", "--output", "json");

        assertThat(check.lines())
                .containsExactly(
                        "{\"line\":2,\"message\":1,\"record\":0,\"outcome\":\"stored\"}",
                        "{\"line\":4,\"message\":2,\"record\":0,\"outcome\":\"rejected\",\"reason\":\"missing\","
                                + "\"column\":\"user_id\",\"explanation\":\"the field is required, and absent or null\"}",
                        "{\"line\":4,\"message\":3,\"record\":0,\"outcome\":\"rejected\",\"reason\":\"not-an-object\","
                                + "\"column\":null,\"explanation\":\"a JSON object was expected\"}",
                        "{\"messages\":3,\"records\":3,\"stored\":1,\"rejected\":2,"
                                + "\"reasons\":{\"not-an-object\":1,\"missing\":1},\"unmasked\":[]}");
    }

    @Test
    void warnsOfPersonalDataThatNobodyMaskedWithoutShowingIt() {
        String events = String.join(
                "\n",
                Events.login("ann@example.com", "198.18.0.1", "1"),
                Events.login("bo@example.com", "198.18.0.2", "2"));

        Ran check = playground.sluiceReading(events, "check", "-");

        assertThat(check.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(check.err())
                .isEqualTo("sluice: warning: column user_id: 2 of 2 values look like e-mail addresses; mask it, or say"
                        + " `contains: email` if it is meant\n");
        assertThat(playground
                        .sluiceReading(events, "check", "--output", "json", "-")
                        .lastLine())
                .contains("\"unmasked\":[{\"column\":\"user_id\",\"kind\":\"email\",\"matching\":2,\"values\":2}]");
        assertThat(playground
                        .sluiceReading(events, "check", "--no-pii-check", "-")
                        .err())
                .isEmpty();
    }

    @Test
    void rowsShowsWhatWouldBeStoredMasked() {
        String event = Events.login("user-1", "198.18.0.1", "device-1");

        Ran check = playground.sluiceReading(event, "check", "--rows", "-");

        assertThat(check.lines().getFirst()).isEqualTo("line 1: stored");
        assertThat(check.out())
                .containsPattern("(?m)^  user_id +user-1$")
                .containsPattern("(?m)^  app_version +131840$")
                .containsPattern("(?m)^  masked_ip +\\S{50}$")
                .doesNotContain("198.18.0.1", "device-1");
        assertThat(playground
                        .sluiceReading(event, "check", "--rows", "--output", "json", "-")
                        .lines()
                        .getFirst())
                .contains("\"row\":{\"user_id\":\"user-1\"", "\"app_version\":131840");
    }

    @Test
    void takesAnObjectOnSeveralLinesForOneMessage() {
        String pretty = Events.logins(1).getFirst().replace(",", ",\n  ");

        Ran check = playground.sluiceReading(pretty + "\n" + pretty, "check", "-");

        assertThat(check.succeeded().lines())
                .contains("line 1: stored", "checked 2 messages, 2 records = stored 2 + rejected 0");
    }

    @Test
    void findsTokensThatTheColumnIsTooNarrowFor() {
        String event = Events.login("user-1", "198.18.0.1", "9".repeat(200));

        assertThat(playground.sluiceReading(event, "check", "-").lines().getFirst())
                .startsWith("line 1: too-long in column masked_device_id");
    }

    @Test
    void exits2WhenTheFileIsNoText() throws IOException {
        Path file = Files.write(playground.folder.resolve("latin1"), "{\"a\": \"\u00fc\"}".getBytes(ISO_8859_1));

        assertThat(playground.sluice("check", file.toString()).refused(ExitCode.USAGE))
                .contains("line 1 is not UTF-8 text");
        assertThat(playground.sluice("check", "no-such-file").refused(ExitCode.USAGE))
                .contains("no-such-file: no such file");
        assertThat(playground.sluiceReading("[\n1,", "check", "-").refused(ExitCode.USAGE))
                .contains("standard input: the array that the file begins with does not end. Messages checked: 1.");
    }

    /** Those that a file of lines can hold: all but what has line breaks, is blank or begins with a byte order mark. */
    @ParameterizedTest
    @MethodSource("dev.sluice.badinput.BadInputs#pipelines")
    void saysOfTheCorpusWhatTheWorkerWouldDoAndShowsNoValue(String pipeline) {
        List<BadInput> cases = BadInputs.all().stream()
                .filter(bad -> bad.pipeline().equals(pipeline) && isLine(bad.body()))
                .toList();
        String lines = cases.stream().map(bad -> new String(bad.body(), UTF_8)).collect(Collectors.joining("\n"));

        Ran check = playground
                .set("SLUICE_PIPELINE", BadInputs.file(pipeline).toString())
                .sluiceReading("{}\n" + lines, "check", "--lines", "-");

        assertThat(check.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(check.out() + check.err()).doesNotContain("case");
        assertThat(check.lines().subList(1, cases.size() + 1).stream().map(CheckCommandIT::verdict))
                .containsExactlyElementsOf(cases.stream().map(BadInput::verdict).toList());
    }

    private static boolean isLine(byte[] body) {
        String text = new String(body, UTF_8);
        return !text.isBlank() && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 && text.indexOf('\ufffd') < 0;
    }

    /** {@code reason in column}, of a line such as {@code line 7: reason in column c (explanation)}. */
    private static String verdict(String line) {
        return line.substring(line.indexOf(": ") + 2).replaceAll(" \\(.*", "").replace("in column", "in");
    }
}
