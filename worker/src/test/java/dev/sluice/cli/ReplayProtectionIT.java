package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Binding;
import dev.sluice.mapping.Pipelines;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Originals that were sealed to be masked do not come out in clear by another pipeline file, and no replay goes unaudited. */
class ReplayProtectionIT {

    private static final String MASKED = "{ from: ip, type: text, mask: { kind: deterministic-aead } }";
    private static final String ADDRESS = "203.0.113.77";

    private Playground playground;
    private Path pipeline;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        use("id: { from: id, type: integer, required: true }", "ip: " + MASKED);
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        playground.send(List.of("{\"id\":\"x\",\"ip\":\"" + ADDRESS + "\",\"user\":{\"name\":\"n\"}}"));
        playground.drain();
        assertThat(playground.count("sluice.quarantine")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip: { from: ip, type: text }",
                "ip: { from: ip, type: text, mask: { kind: sha256, accept-reversible: true } }",
                "ip: { from: ip, type: text, mask: { kind: generalize, as: ip } }"
            })
    void refusesAnotherPipelineFileThatStoresAMaskedFieldWithLess(String column) {
        use("id: { from: id, type: text }", column);
        alterIdToText();

        Ran replay = replay("--all", "--accept-unmasked", "/ip");

        assertThat(replay.refused(ExitCode.CONFIG)).contains("/ip (deterministic-aead then, ", "nothing was opened");
        assertThat(playground.count("logins")).isZero();
        assertThat(playground.count("sluice.quarantine")).isOne();
        assertThat(audited()).containsExactly("denied OPS-1 LESS_PROTECTION [\"/ip\"]");
    }

    @Test
    void storesAFieldThatWasNotStoredOnlyWhenItIsNamed() {
        use("id: { from: id, type: text }", "ip: " + MASKED, "name: { from: /user/name, type: text }");
        alterIdToText();
        playground.execute("ALTER TABLE logins ADD name text");

        assertThat(replay("--all").refused(ExitCode.CONFIG))
                .contains("/user/name (not stored then, none now)", "add --accept-unmasked /user/name");
        assertThat(replay("--all", "--accept-unmasked", "/user/name")
                        .succeeded()
                        .lastLine())
                .isEqualTo("replayed 1 = stored 1 + duplicates 0 + rejected 0");

        assertThat(playground.query("SELECT name FROM logins WHERE ip <> '" + ADDRESS + "'"))
                .containsExactly("n");
        assertThat(audited())
                .containsExactly(
                        "denied OPS-1 LESS_PROTECTION [\"/user/name\"]",
                        "replay-begin OPS-1 [\"/user/name\"]",
                        "replay-end OPS-1");
    }

    /** In two steps: a file that leaves the field out, and then one that stores it. */
    @Test
    void remembersTheProtectionOfTheFirstSealThroughFurtherRejections() {
        use("id: { from: id, type: integer, required: true }", "at: { from: at, type: text }");
        playground.execute("ALTER TABLE logins ADD at text");
        assertThat(replay("--all", "--accept-unmasked", "/at").succeeded().lastLine())
                .contains("rejected 1");
        use("id: { from: id, type: text }", "ip: { from: ip, type: text }");
        alterIdToText();

        assertThat(replay("--all", "--accept-unmasked", "/ip").refused(ExitCode.CONFIG))
                .contains("/ip (deterministic-aead then, none now)");
    }

    @Test
    void doesNotOpenAnOriginalWhoseProtectionWasChangedInTheDatabase() {
        use("id: { from: id, type: text }", "ip: { from: ip, type: text }");
        alterIdToText();
        playground.execute("UPDATE sluice.quarantine SET protection = '{\"/id\":\"none\",\"/ip\":\"none\"}'");

        assertThat(replay("--all").exitCode()).isEqualTo(ExitCode.DATA);
        playground.execute("UPDATE sluice.quarantine SET protection = NULL, pipeline_version = '" + version() + "'");
        assertThat(replay("--all").exitCode()).isEqualTo(ExitCode.DATA);
        playground.execute("UPDATE sluice.quarantine SET protection = 'x'");
        assertThat(replay("--all").refused(ExitCode.CONFIG)).contains("something other than Sluice changed it");

        assertThat(playground.count("logins")).isZero();
    }

    @Test
    void auditsBeforeItOpensAnythingAndDoesNothingWhenItCannot() {
        playground.execute("DROP FUNCTION sluice.audit_replay_begin; ALTER TABLE logins ALTER id TYPE text");
        use("id: { from: id, type: text }", "ip: " + MASKED);

        assertThat(replay("--all").exitCode()).isNotZero();

        assertThat(playground.count("sluice.quarantine")).isOne();
        assertThat(playground.count("logins")).isZero();
    }

    @Test
    void saysInTheAuditWhoUnderWhichVersionAndWithWhatOutcome() {
        use("id: { from: id, type: text }", "ip: " + MASKED);
        alterIdToText();

        replay("--all").succeeded();
        replay("--all").succeeded(); // nothing to open, nothing to tell

        assertThat(playground.query("SELECT details FROM sluice.audit WHERE action = 'replay-begin'"))
                .containsExactly("{\"entries\": 1, \"version\": \"" + version() + "\"}");
        assertThat(playground.query("SELECT details::jsonb - 'of' FROM sluice.audit WHERE action = 'replay-end'"))
                .containsExactly(
                        "{\"stored\": 1, \"entries\": 1, \"rejected\": 0, \"unopened\": 0, \"duplicates\": 0}");
        playground.sluice("audit", "verify").succeeded();
    }

    @Test
    void wantsATicketOfItsForm() {
        assertThat(playground.sluice("quarantine", "replay", "--all").refused(ExitCode.USAGE))
                .contains("--ticket");
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", "--ticket", ADDRESS)
                        .refused(ExitCode.USAGE))
                .contains("--ticket")
                .doesNotContain(ADDRESS);
    }

    @Test
    void takesOriginalsOfAnOlderSluiceWithTheFileThatRejectedThem() {
        String before = pipeline.toString();
        unbind();
        use("id: { from: id, type: text }", "ip: " + MASKED);
        alterIdToText();

        assertThat(replay("--all").refused(ExitCode.CONFIG)).contains("--sealed-under FILE");
        assertThat(replay("--all", "--sealed-under", before).succeeded().lastLine())
                .isEqualTo("replayed 1 = stored 1 + duplicates 0 + rejected 0");
    }

    @Test
    void bindsTheOriginalsOfAnOlderSluiceWhenTheyAreRejectedAgain() {
        unbind();

        assertThat(replay("--all").succeeded().lastLine()).contains("rejected 1");

        assertThat(playground.query("SELECT protection FROM sluice.quarantine"))
                .containsExactly("{\"/id\":\"none\",\"/ip\":\"deterministic-aead\"}");
        use("id: { from: id, type: text }", "ip: " + MASKED);
        alterIdToText();
        assertThat(replay("--all").succeeded().lastLine()).contains("stored 1");
    }

    private Ran replay(String... options) {
        return playground.sluice(
                Stream.concat(Stream.of("quarantine", "replay", "--ticket", "OPS-1"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private void use(String... columns) {
        String spec = "pipeline: logins\nsource: { queue: q }\nsink: { table: logins }\ncolumns:\n  "
                + String.join("\n  ", columns) + "\n";
        pipeline = playground.write("pipeline-" + spec.hashCode() + ".yaml", spec);
        playground.set("SLUICE_PIPELINE", pipeline.toString());
    }

    private String version() {
        return Pipelines.load(pipeline.toString()).version();
    }

    private void alterIdToText() {
        playground.execute("ALTER TABLE logins ALTER id DROP NOT NULL, ALTER id TYPE text");
    }

    private List<String> audited() {
        return playground.query(
                "SELECT concat_ws(' ', action, ticket, details::jsonb ->> 'why',"
                        + " coalesce(details::jsonb ->> 'fields', details::jsonb ->> 'exposed')) FROM sluice.audit ORDER BY seq");
    }

    /** Seals as versions did that bound originals to pipeline and message only. */
    private void unbind() {
        String[] sealed = playground
                .query("SELECT concat_ws('|', message_id, encode(original, 'hex'), protection) FROM sluice.quarantine")
                .getFirst()
                .split("\\|", 3);
        Sealer sealer = KeysetFile.at(playground.keys).read().sealer();
        byte[] clear = sealer.unseal(
                HexFormat.of().parseHex(sealed[1]), new Binding("logins", sealed[0], sealed[2]).associatedData());
        byte[] unbound = sealer.seal(clear, 0, clear.length, "logins|quarantine|" + sealed[0] + "|v1");
        playground.execute("UPDATE sluice.quarantine SET protection = NULL, original = '\\x"
                + HexFormat.of().formatHex(unbound) + "'");
    }
}
