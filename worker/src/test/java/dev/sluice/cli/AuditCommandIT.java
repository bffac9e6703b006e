package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Five looks at an empty table, each an entry; then somebody with every right touches the audit. */
class AuditCommandIT {

    private static final int ENTRIES = 5;

    private Playground playground;
    private String head;

    @BeforeEach
    void look(@TempDir Path folder) {
        playground = Playground.ready(folder);
        IntStream.rangeClosed(1, ENTRIES).forEach(i -> playground
                .sluiceReading("198.18.0." + i, "find", "--ip", "-", "--reason", "INCIDENT", "--ticket", "C" + i)
                .succeeded());
        head = playground.sluice("audit", "list", "--head").succeeded().out().strip();
    }

    @Test
    void listsTheNewestFirst() {
        Ran list = playground.sluice("audit", "list", "--limit", "2").succeeded();

        assertThat(list.lines()).hasSize(3);
        assertThat(list.lines().getFirst()).contains("seq", "actor", "action", "reason", "ticket", "values", "details");
        assertThat(list.lines().get(1)).containsPattern("5 .*sluice +.* find +INCIDENT +C5 +user-logins +1 +\\{");
    }

    @Test
    void listsAllThatIsHashedAsJson() {
        List<String> lines = playground
                .sluice("audit", "list", "--output", "json")
                .succeeded()
                .lines();

        assertThat(lines).hasSize(ENTRIES);
        assertThat(lines.getFirst())
                .startsWith("{\"seq\":5,\"at\":\"")
                .endsWith("\"hash\":\"" + head.substring(2) + "\"}");
    }

    @Test
    void printsNoHeadOfAnEmptyAudit() {
        playground.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL; DELETE FROM sluice.audit");

        assertThat(playground.sluice("audit", "list", "--head").succeeded().out())
                .isEmpty();
    }

    @Test
    void findsItIntact() {
        assertThat(head).matches("5:[0-9a-f]{64}");
        assertThat(playground.sluice("audit", "verify").succeeded().out()).contains("Intact: 5 entries", "--head");
        assertThat(playground
                        .sluice("audit", "verify", "--head", head)
                        .succeeded()
                        .out())
                .contains("none missing up to entry 5");
        assertThat(playground
                        .sluice("audit", "verify", "--output", "json")
                        .succeeded()
                        .out()
                        .strip())
                .isEqualTo("{\"intact\":true,\"entries\":5,\"anchored\":false}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    3 | CONTENT | UPDATE sluice.audit SET actor = 'somebody' WHERE seq = 3
                    1 | CONTENT | UPDATE sluice.audit SET details = '{}' WHERE seq = 1
                    5 | CONTENT | UPDATE sluice.audit SET value_count = 0 WHERE seq = 5
                    2 | MISSING | DELETE FROM sluice.audit WHERE seq = 2
                    2 | CONTENT | UPDATE sluice.audit SET seq = -seq WHERE seq IN (2, 4); UPDATE sluice.audit SET seq = 6 + seq WHERE seq < 0
                    """)
    void exits65AndNamesTheEntryThatWasTouched(long entry, String fault, String touch) {
        playground.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL;" + touch);

        Ran verify = playground.sluice("audit", "verify");
        assertThat(verify.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(verify.out()).startsWith("BROKEN at entry " + entry + ": " + fault);
        Ran json = playground.sluice("audit", "verify", "--output", "json");
        assertThat(json.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(json.out().strip())
                .isEqualTo("{\"intact\":false,\"entry\":" + entry + ",\"fault\":\"" + fault + "\"}");
    }

    @Test
    void missesTheLastEntryWithTheHeadOnly() {
        playground.execute("ALTER TABLE sluice.audit DISABLE TRIGGER ALL; DELETE FROM sluice.audit WHERE seq = 5");

        playground.sluice("audit", "verify").succeeded();
        Ran anchored = playground.sluice("audit", "verify", "--head", head);
        assertThat(anchored.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(anchored.out()).startsWith("BROKEN at entry 5: MISSING");
    }

    @ParameterizedTest
    @CsvSource({
        "audit,a subcommand is required: list",
        "audit list --limit=-1,at least 0",
        "audit verify --head 5,SEQ:HASH"
    })
    void exits2AndSaysWhatWasExpected(String call, String expected) {
        assertThat(playground.sluice(call.split(" ", -1)).refused(ExitCode.USAGE))
                .contains(expected);
    }
}
