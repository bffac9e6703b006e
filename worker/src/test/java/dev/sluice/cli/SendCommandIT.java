package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
    }

    @Test
    void sendsEachValueAsItStands() {
        String pretty = "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}";

        Ran send = sendFile("{\"a\": 1}\n\n  \n7\r\n{\"b\": \"\u00fc\"}\n" + pretty);

        assertThat(send.out()).isEqualToIgnoringNewLines("Sent 4 messages to " + playground.queue + ".");
        assertThat(playground.bodies()).containsExactlyInAnyOrder("{\"a\": 1}", "7", "{\"b\": \"\u00fc\"}", pretty);
    }

    @Test
    void sendsAFileThatIsOneObjectAsOneMessage() {
        String pretty = "{\n  \"user_id\": \"u\",\n  \"ip\": \"198.51.100.7\"\n}";

        sendFile(pretty + "\n").succeeded();

        assertThat(playground.bodies()).containsExactly(pretty);
    }

    @Test
    void sendsEachElementOfAnArray() {
        sendFile("[\n  {\"a\": 1.50, \"b\": null},\n  {\"a\": \"x\"},\n  7\n]\n")
                .succeeded();

        assertThat(playground.bodies()).containsExactlyInAnyOrder("{\"a\": 1.50, \"b\": null}", "{\"a\": \"x\"}", "7");
    }

    @Test
    void sendsLinesThatAreArraysAsLines() {
        sendFile("[{\"a\":1},{\"a\":2}]\n[{\"a\":3}]\n").succeeded();

        assertThat(playground.bodies()).containsExactlyInAnyOrder("[{\"a\":1},{\"a\":2}]", "[{\"a\":3}]");
    }

    @Test
    void sendsLinesThatAreNotJsonOnlyOnRequest() {
        Path file = playground.write("poison", "{}\nnot JSON \n[1,\n");

        assertThat(playground.sluice("send", file.toString()).refused(ExitCode.USAGE))
                .isEqualTo("sluice: " + file + ": line 2 is not JSON; --lines takes each line as a message."
                        + " Nothing was sent.\nSee sluice send --help.\n");
        assertThat(playground.depth().visible()).isZero();

        playground.sluice("send", "--lines", file.toString()).succeeded();
        assertThat(playground.bodies()).containsExactlyInAnyOrder("{}", "not JSON ", "[1,");
    }

    @Test
    void readsStandardInput() {
        Ran send = playground
                .sluiceReading("1\n2\n", "send", "-", "--output", "json")
                .succeeded();

        assertThat(send.lastLine()).isEqualTo("{\"sent\":2,\"refused\":0}");
        assertThat(playground.bodies()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void exits2WhenThereIsNoSuchFile() {
        String refusal = playground.sluice("send", "no-such-file").refused(ExitCode.USAGE);

        assertThat(refusal).startsWith("sluice: no-such-file: no such file.\n");
        assertThat(playground.depth().visible()).isZero();
    }

    @Test
    void sendsNothingInPlaceOfBytesThatAreNoText() throws IOException {
        Path file = Files.write(playground.folder.resolve("latin1"), "{}\n{\"a\": \"\u00fc\"}".getBytes(ISO_8859_1));

        assertThat(playground.sluice("send", file.toString()).refused(ExitCode.USAGE))
                .contains("line 2 is not UTF-8 text. Nothing was sent.");
        assertThat(playground.depth().visible()).isZero();
    }

    @Test
    void exits2WhenAnArrayBreaksOff() {
        assertThat(sendFile("[{\"a\": 1},\n{\"a\": ").refused(ExitCode.USAGE))
                .contains("the JSON value that begins on line 2 does not end. Nothing was sent.");
    }

    @Test
    void exits65WhenAMessageIsRefusedAndSendsTheOthers() {
        String tooLong = "\"" + "x".repeat(1 << 20) + "\"";

        Ran send = sendFile("1\n\n" + tooLong + "\n3\n" + tooLong);

        assertThat(send.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(send.err())
                .isEqualTo(
                        """
                        sluice: message 2, on line 3, was refused: BodyTooLong
                        sluice: message 4, on line 5, was refused: BodyTooLong
                        """);
        assertThat(playground.bodies()).containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void saysWhereToContinueAfterALineThatIsNotJson() {
        List<String> lines = numbers(200);
        lines.set(149, "oops");

        Ran send = sendFile(String.join("\n", lines));

        assertThat(send.out()).isEqualToIgnoringNewLines("Sent 80 messages to " + playground.queue + ".");
        assertThat(send.refused(ExitCode.USAGE))
                .contains("line 150 is not JSON")
                .contains("Correct it first. Continue with --from-line 81.");
        assertThat(playground.depth().visible()).isEqualTo(80);

        lines.set(149, "150");
        playground
                .sluice(
                        "send",
                        "--from-line",
                        "81",
                        playground.write("messages", String.join("\n", lines)).toString())
                .succeeded();
        assertThat(playground.depth().visible()).isEqualTo(200);
    }

    @Test
    void saysWhereToContinueAfterAnOutage() throws IOException {
        Path file = playground.write("messages", "[\n" + String.join(",\n", numbers(200)) + "\n]");
        AtomicInteger calls = new AtomicInteger();
        Ran send;
        try (SqsInBetween denied = new SqsInBetween(Playground.sqsEndpoint()) {
            @Override
            Request change(Request request) {
                boolean late = request.operation().equals("SendMessageBatch") && calls.incrementAndGet() > 8;
                return late ? Request.DENIED : request;
            }
        }) {
            playground.set("AWS_ENDPOINT_URL_SQS", denied.endpoint().toString());
            send = playground.sluice("send", file.toString(), "--output", "json");
        }

        assertThat(send.lastLine()).isEqualTo("{\"sent\":80,\"refused\":0,\"next_line\":82}");
        assertThat(send.refused(ExitCode.NOT_PERMITTED)).contains("sqs:SendMessage", "Continue with --from-line 82.");
        playground.set("AWS_ENDPOINT_URL_SQS", Playground.sqsEndpoint().toString());
        playground.sluice("send", file.toString(), "--from-line", "82").succeeded();
        assertThat(playground.depth().visible()).isEqualTo(200);
    }

    @Test
    void exits78WhenTheQueueIsNotThere() {
        playground.set("SLUICE_QUEUE", "no-such-queue");

        assertThat(playground.sluiceReading("1\n", "send", "-").refused(ExitCode.CONFIG))
                .contains("no-such-queue");
    }

    private static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(String::valueOf)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Ran sendFile(String text) {
        return playground.sluice("send", playground.write("messages", text).toString());
    }
}
