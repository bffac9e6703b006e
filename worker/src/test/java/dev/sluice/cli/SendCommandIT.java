package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void sendsEachLineAsItStandsAndNoBlankOnes() {
        Ran send = sendFile("{\"a\": 1}\n\n  \nno JSON\r\n{\"b\": \"\u00fc\"}");

        assertThat(send.out()).isEqualToIgnoringNewLines("Sent 3 messages to " + playground.queue + ".");
        assertThat(playground.bodies()).containsExactlyInAnyOrder("{\"a\": 1}", "no JSON", "{\"b\": \"\u00fc\"}");
    }

    @Test
    void sendsEachElementOfAnArray() {
        sendFile("[\n  {\"a\": 1.50, \"b\": null},\n  {\"a\": \"x\"},\n  7\n]\n")
                .succeeded();

        assertThat(playground.bodies()).containsExactlyInAnyOrder("{\"a\":1.50,\"b\":null}", "{\"a\":\"x\"}", "7");
    }

    @Test
    void sendsLinesThatAreArraysAsLines() {
        sendFile("[{\"a\":1},{\"a\":2}]\n[{\"a\":3}]\n").succeeded();

        assertThat(playground.bodies()).containsExactlyInAnyOrder("[{\"a\":1},{\"a\":2}]", "[{\"a\":3}]");
    }

    @Test
    void readsStandardInput() {
        Ran send = playground
                .sluiceReading("one\ntwo\n", "send", "-", "--output", "json")
                .succeeded();

        assertThat(send.lastLine()).isEqualTo("{\"sent\":2,\"refused\":0}");
        assertThat(playground.bodies()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void exits2WhenThereIsNoSuchFile() {
        String refusal = playground.sluice("send", "no-such-file").refused(ExitCode.USAGE);

        assertThat(refusal).startsWith("sluice: no-such-file cannot be read as UTF-8 text");
        assertThat(playground.depth().visible()).isZero();
    }

    @Test
    void sendsNothingInPlaceOfBytesThatAreNoText() throws IOException {
        Path file = Files.write(playground.folder.resolve("latin1"), "{\"a\": \"\u00fc\"}".getBytes(ISO_8859_1));

        assertThat(playground.sluice("send", file.toString()).refused(ExitCode.USAGE))
                .contains("cannot be read as UTF-8 text");
        assertThat(playground.depth().visible()).isZero();
    }

    @Test
    void exits2WhenAnArrayBreaksOff() {
        Path file = playground.write("broken.json", "[{\"a\": 1},\n{\"a\": ");

        assertThat(playground.sluice("send", file.toString()).refused(ExitCode.USAGE))
                .contains("begins as a JSON array, but breaks off");
    }

    @Test
    void exits65WhenAMessageIsRefusedAndSendsTheOthers() {
        Ran send = sendFile("one\n" + "x".repeat((1 << 20) + 1) + "\nthree\n");

        assertThat(send.refused(ExitCode.DATA)).contains("message 2 was refused: BodyTooLong");
        assertThat(playground.bodies()).containsExactlyInAnyOrder("one", "three");
    }

    @Test
    void exits78WhenTheQueueIsNotThere() {
        playground.set("SLUICE_QUEUE", "no-such-queue");

        assertThat(playground.sluiceReading("one\n", "send", "-").refused(ExitCode.CONFIG))
                .contains("no-such-queue");
    }

    private Ran sendFile(String text) {
        return playground.sluice("send", playground.write("messages", text).toString());
    }
}
