package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three records: two of an invalid address, one of them old, and one without a user; and one of another pipeline. */
class QuarantineFilterIT {

    private static final String BAD_IP = Events.login("user-1", "198.18.0.300", "111-22-3333");
    private static final String OTHER =
            """
            pipeline: carts
            source: { queue: q }
            sink: { table: carts }
            columns:
              customer: { from: customer, type: integer }
            """;

    private Playground playground;

    @BeforeEach
    void quarantine(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(List.of(BAD_IP, BAD_IP, Events.BAD));
        playground.drain();
        playground.execute(
                "UPDATE sluice.quarantine SET quarantined_at = '2026-03-01T12:00:00Z' WHERE id IN (SELECT min(id)"
                        + " FROM sluice.quarantine WHERE reason = 'invalid-ip');"
                        + " INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, sent_at, message_id,"
                        + " record_index, receive_count, original, original_form)"
                        + " VALUES ('carts', 'v', 'invalid-ip', now(), 'm', 0, 1, '', 'body')");
    }

    /** Options, and how many records they leave; read only, so that one quarantine serves all. */
    private static final String SELECTIONS =
            """
                                                                 | 4
            --reason invalid-ip                                  | 3
            --reason missing                                     | 1
            --reason not-json                                    | 0
            --pipeline user-logins                               | 3
            --pipeline user-logins --reason invalid-ip           | 2
            --since 1h                                           | 3
            --until 1h                                           | 1
            --until 2026-03-01T13:00:00+01:00                    | 0
            --until 2026-03-01T12:00:01Z                         | 1
            --since 2026-03-01 --until 2026-03-02                | 1
            --since 2026-03-01T12:00:00Z --reason invalid-ip     | 3
            --limit 2                                            | 2
            --limit 0                                            | 0
            """;

    @Test
    void listsWhatIsAskedFor() {
        SELECTIONS.lines().map(line -> line.split("\\|", -1)).forEach(selection -> {
            String options = selection[0].strip();
            int records = Integer.parseInt(selection[1].strip());
            assertThat(run("quarantine list --output json", options).succeeded().lines())
                    .as(options)
                    .hasSize(records);
            assertThat(run("quarantine list --output csv", options).succeeded().lines())
                    .as(options)
                    .hasSize(records + 1)
                    .first()
                    .isEqualTo("id,pipeline,reason,column,sqlstate,constraint,message,record,sent,quarantined,line");
        });
    }

    @Test
    void countsByPipelineAndReason() {
        assertThat(run("quarantine stats --output csv", "").succeeded().lines().stream()
                        .map(line -> line.split(",", -1))
                        .map(cells -> cells[0] + " " + cells[1] + " " + cells[2]))
                .containsExactly(
                        "pipeline reason records",
                        "user-logins invalid-ip 2",
                        "carts invalid-ip 1",
                        "user-logins missing 1");
        assertThat(run("quarantine stats --output json", "--until 2026-03-02")
                        .succeeded()
                        .lastLine())
                .isEqualTo("{\"pipeline\":\"user-logins\",\"reason\":\"invalid-ip\",\"records\":1,"
                        + "\"first\":\"2026-03-01T12:00:00Z\",\"last\":\"2026-03-01T12:00:00Z\"}");
    }

    /** Calls, and what the refusal of each says. */
    private static final String WRONG =
            """
            list --reason invalid_ip             | one of empty-body
            stats --reason nonsense              | invalid-ip
            replay --reason nonsense --ticket T  | invalid-ip
            list --since yesterday               | 2026-03-01T12:00:00Z
            list --since 2026-02-30              | 2026-03-01T12:00:00Z
            list --since 2026-03-01T12:00:00     | with Z or an offset
            list --since 1h --until 2h           | --since must be before --until
            replay --ticket T                    | --all
            replay --ticket T --all --id 1       | --all
            replay --ticket T --all --since 1h   | --all
            purge --yes                          | --older-than or --until
            purge --yes --reason invalid-ip      | --older-than or --until
            """;

    @Test
    void refusesWrongCalls() {
        WRONG.lines().map(line -> line.split("\\|", -1)).forEach(wrong -> assertThat(
                        run("quarantine", wrong[0].strip()).refused(ExitCode.USAGE))
                .contains(wrong[1].strip()));
        assertThat(playground.count("sluice.quarantine")).isEqualTo(4);
    }

    @Test
    void replaysByReasonAndTime() {
        assertThat(run("quarantine replay --ticket T", "--reason invalid-ip --since 2026-03-01 --until 2026-03-02")
                        .succeeded()
                        .lastLine())
                .isEqualTo("replayed 1 = stored 0 + duplicates 0 + rejected 1");
        assertThat(run("quarantine replay --ticket T", "--since 1h").succeeded().lastLine())
                .isEqualTo("replayed 2 = stored 0 + duplicates 0 + rejected 2");
    }

    @Test
    void purgesByReasonAndTimeTheCurrentPipelinesOnly() {
        playground.set("SLUICE_PIPELINE", playground.write("carts.yaml", OTHER).toString());
        assertThat(run("quarantine purge --until 1h", "").succeeded().out()).isEqualTo("There is nothing to delete.\n");
        playground.set("SLUICE_PIPELINE", "user-logins");
        assertThat(run("quarantine purge --yes --output json", "--older-than 1h --reason missing")
                        .succeeded()
                        .lastLine())
                .isEqualTo("{\"purged\":0}");
        assertThat(run("quarantine purge", "--until 2026-03-02").refused(ExitCode.USAGE))
                .contains("--yes");
        assertThat(run("quarantine purge --yes", "--until 2026-03-02 --reason invalid-ip")
                        .succeeded()
                        .lastLine())
                .isEqualTo("1 quarantined record deleted.");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
    }

    private Ran run(String command, String options) {
        return playground.sluice(
                (command + " " + (options == null ? "" : options)).strip().split(" +"));
    }
}
