package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes from the queue to the row, through the quarantine and back. */
class MessageAttributesIT {

    private static final String TRACE = "trace-of-ann-4711";

    private Playground playground;
    private String file;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        use("integer");
        file = playground.write("events.ndjson", "{\"id\":1}\n").toString();
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
    }

    @Test
    void becomeMaskedAndUnmaskedColumns() {
        send("--attribute", "trace_id=" + TRACE, "--attribute", "tries:Number=3", "--attribute", "unread=x");

        assertThat(playground.sluice("peek").succeeded().out()).contains("3").doesNotContain(TRACE);
        playground.drain();

        assertThat(playground.query("SELECT id || ' ' || tries || ' ' || (trace LIKE 'A%') FROM logins"))
                .containsExactly("1 3 true");
        String token = playground.query("SELECT trace FROM logins").getFirst();
        assertThat(playground
                        .sluice("unmask", token, "--reason", "INCIDENT", "--ticket", "T-1")
                        .succeeded()
                        .lastLine())
                .isEqualTo(TRACE);
    }

    /** A rejected message is deleted from the queue: what a replay needs of it is in the sealed original only. */
    @Test
    void returnFromTheQuarantineByAReplay() {
        send("--attribute", "trace_id=" + TRACE, "--attribute", "tries:Number=5000000000");
        Ran run = playground.drain("--log-level", "trace");

        assertThat(run.lastLine()).startsWith("received 1 = stored 0 + duplicates 0 + quarantined 1");
        assertThat(playground.query("SELECT reason || ' ' || column_name FROM sluice.quarantine"))
                .containsExactly("out-of-range tries");
        assertThat(run.out() + run.err()).doesNotContain(TRACE);
        assertThat(playground.query("SELECT q::text || encode(original, 'escape') FROM sluice.quarantine AS q"))
                .noneMatch(row -> row.contains(TRACE));
        assertThat(playground
                        .sluice("quarantine", "show", "1", "--ticket", "T-1")
                        .succeeded()
                        .out())
                .doesNotContain(TRACE, "5000000000");

        use("bigint");
        playground.execute("ALTER TABLE logins ALTER tries TYPE bigint");
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", "--ticket", "T-1")
                        .succeeded()
                        .lastLine())
                .startsWith("replayed 1 = stored 1");

        assertThat(playground.query("SELECT id || ' ' || tries || ' ' || (trace LIKE 'A%') FROM logins"))
                .containsExactly("1 5000000000 true");
    }

    @Test
    void stayInTheQuarantineIfTheyStillDoNotFit() {
        send("--attribute", "trace_id=" + TRACE, "--attribute", "tries=three");
        playground.drain();
        use("bigint").execute("ALTER TABLE logins ALTER tries TYPE bigint");

        assertThat(playground
                        .sluice("quarantine", "replay", "--all", "--ticket", "T-1")
                        .succeeded()
                        .lastLine())
                .startsWith("replayed 1 = stored 0 + duplicates 0 + rejected 1");
        assertThat(playground.query("SELECT reason FROM sluice.quarantine")).containsExactly("not-a-whole-number");
    }

    @Test
    void canBeTriedWithoutAQueue() {
        assertThat(playground
                        .sluice("check", file, "--attribute", "tries:Number=3")
                        .out())
                .contains("missing in column trace");
        playground
                .sluice("check", file, "--attribute", "trace_id=x", "--attribute", "tries:Number=3")
                .succeeded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "=x", "a=", "AWS.a=x", "a:Binary=x", "a b=x", "a:=x"})
    void areRefusedIfSqsWouldNotTakeThem(String attribute) {
        Ran send = playground.sluice("send", file, "--attribute", attribute);

        assertThat(send.refused(ExitCode.USAGE)).contains("--attribute: ");
        assertThat(playground.depth().visible()).isZero();
    }

    private void send(String... attributes) {
        String[] args = new String[attributes.length + 2];
        args[0] = "send";
        args[1] = file;
        System.arraycopy(attributes, 0, args, 2, attributes.length);
        playground.sluice(args).succeeded();
    }

    private Playground use(String type) {
        Path pipeline = playground.write(
                "logins.yaml",
                """
                pipeline: logins
                source: { queue: logins }
                sink: { table: logins }
                columns:
                  id:    { from: id, type: integer, required: true }
                  trace: { from-attribute: trace_id, type: varchar(199), mask: { kind: deterministic-aead }, required: true }
                  tries: { from-attribute: tries, type: %s }
                """
                        .formatted(type));
        return playground.set("SLUICE_PIPELINE", pipeline.toString());
    }
}
