package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineCommandIT {

    private static final String BAD_IP = Events.login("user-1", "198.18.0.300", "111-22-3333");

    private Playground playground;

    @BeforeEach
    void quarantine(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(List.of(BAD_IP));
        playground.sluice("run", "--max-batches", "1").succeeded();
    }

    @Test
    void listsTheNewestFirstAndAsManyAsAsked() {
        playground.send(List.of(Events.BAD));
        playground.sluice("run", "--max-batches", "1").succeeded();

        List<String> all = playground
                .sluice("quarantine", "list", "--output", "json")
                .succeeded()
                .lines();
        List<String> newest = playground
                .sluice("quarantine", "list", "--limit", "1", "--output", "json")
                .succeeded()
                .lines();

        assertThat(all).hasSize(2).last().asString().contains("\"reason\":\"invalid-ip\",\"column\":\"masked_ip\"");
        assertThat(newest).containsExactly(all.getFirst());
        assertThat(all.getFirst()).contains("\"reason\":\"missing\",\"column\":\"user_id\"");
    }

    @Test
    void showsTheShapeOfTheOriginalAndNotItsValues() {
        String id = playground.query("SELECT id FROM sluice.quarantine").getFirst();

        Ran show =
                playground.sluice("quarantine", "show", id, "--ticket", "OPS-1").succeeded();

        assertThat(show.out())
                .contains("invalid-ip", "masked_ip", "an IPv4 address of four decimal octets")
                .contains("ip: text of 12 characters", "device_id: text of 11 characters")
                .containsPattern("original_bytes +" + BAD_IP.length())
                .doesNotContain("198.18.0.300", "111-22-3333", "user-1,", "android");
    }

    @Test
    void opensTheOriginalOnlyWithATicketAndAuditsThat() {
        String id = playground.query("SELECT id FROM sluice.quarantine").getFirst();

        assertThat(playground.sluice("quarantine", "show", id).succeeded().out())
                .contains("invalid-ip")
                .doesNotContain("original_bytes", "shape");
        assertThat(playground.count("sluice.audit")).isZero();
        playground.sluice("quarantine", "show", id, "--ticket", "OPS-1").succeeded();

        assertThat(playground.query(
                        "SELECT action || ' ' || ticket || ' ' || (details::jsonb ->> 'entry') FROM sluice.audit"))
                .containsExactly("inspect OPS-1 " + id);
    }

    @Test
    void exits2WhenThereIsNoSuchRecord() {
        assertThat(playground.sluice("quarantine", "show", "4711").refused(ExitCode.USAGE))
                .startsWith("sluice: there is no quarantined record 4711");
    }

    @Test
    void cannotShowTheShapeWithOtherKeys() {
        String id = playground.query("SELECT id FROM sluice.quarantine").getFirst();
        playground.set("SLUICE_KEYS", playground.folder.resolve("other.json").toString());
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--despite-unknown-keys")
                .succeeded();

        String refusal =
                playground.sluice("quarantine", "show", id, "--ticket", "OPS-1").refused(ExitCode.CONFIG);

        assertThat(refusal).contains("key").doesNotContain("198.18");
    }
}
