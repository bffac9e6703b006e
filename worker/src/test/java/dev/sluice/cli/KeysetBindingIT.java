package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 8, item 7: the production keyset beside a database of somebody's own, whose audit nobody reads. */
class KeysetBindingIT {

    private Playground playground;
    private String token;

    @BeforeEach
    void storeAndBind(@TempDir Path folder) {
        playground = Playground.ready(folder);
        List<String> events = List.copyOf(Events.sample().subList(0, 3));
        playground.send(events);
        playground.send(List.of("no json"));
        playground.drain();
        token = playground.query("SELECT masked_ip FROM user_logins").getFirst();
    }

    /** Databases of the playground are copies of one, and have one id. */
    private void moveElsewhere() {
        playground.execute("UPDATE sluice.installation SET id = gen_random_uuid()");
    }

    private String id() {
        return playground.query("SELECT id FROM sluice.installation").getFirst();
    }

    private Ran unmask() {
        return playground.sluice("unmask", token, "--reason", "DSAR", "--ticket", "T");
    }

    @Test
    void opensNothingBesideAnotherDatabase() {
        playground.sluice("keys", "bind").succeeded();
        unmask().succeeded();
        String bound = id();
        moveElsewhere();
        long entries = playground.count("sluice.audit");

        for (String command : List.of(
                "unmask " + token + " --reason DSAR --ticket T",
                "unmask request " + token + " --reason DSAR --ticket T",
                "unmask fetch 1",
                "find --ip 192.0.2.1 --reason DSAR --ticket T",
                "erase --user-id 192.0.2.1 --column masked_ip --ticket T --dry-run --reason DSAR",
                "erase --user-id 192.0.2.1 --column masked_ip --ticket T",
                "rewrap",
                "quarantine show 1 --ticket T",
                "quarantine replay --all --ticket T")) {
            Ran ran = playground.sluice(command.split(" "));
            assertThat(ran.refused(ExitCode.CONFIG)).as(command).contains(bound, id(), "keys bind --rebind");
            assertThat(ran.out()).as(command).isEmpty();
        }
        assertThat(playground.count("sluice.audit")).isEqualTo(entries);
        assertThat(playground.sluice("doctor").out()).containsPattern("fail +keys' database");
    }

    @Test
    void isBoundAnewOnlyWhenThatIsSaid() {
        playground.sluice("keys", "bind").succeeded();
        playground.sluice("keys", "bind").succeeded();
        moveElsewhere();

        assertThat(playground.sluice("keys", "bind").refused(ExitCode.CONFIG)).contains("--rebind", id());
        assertThat(playground
                        .sluice("keys", "bind", "--rebind", "--output", "json")
                        .succeeded()
                        .lastLine())
                .contains("\"database\":\"" + id() + "\"");
        unmask().succeeded();
        assertThat(playground.sluice("doctor").out()).containsPattern("pass +keys' database");
    }

    @Test
    void worksUnboundWithAWarning() {
        assertThat(unmask().succeeded().err()).contains("is bound to no database", "sluice keys bind");
        assertThat(playground.sluice("doctor").out()).containsPattern("warn +keys' database");
        playground.sluice("keys", "bind").succeeded();
        assertThat(unmask().succeeded().err()).doesNotContain("is bound to no database");
    }

    @Test
    void keepsTheBindingWhenKeysChange() throws IOException {
        playground.sluice("keys", "bind").succeeded();
        playground.sluice("keys", "add", "user-logins.masked_ip").succeeded();
        assertThat(Files.readString(playground.keys)).contains("\"database\":\"" + id() + "\"");
        moveElsewhere();
        unmask().refused(ExitCode.CONFIG);
    }

    /** As docs/scale.md divides a load among databases. */
    @Test
    void aCopyBoundToAnotherDatabaseMasksAlikeAndRecoversThere(@TempDir Path folder) throws IOException {
        playground.sluice("keys", "bind").succeeded();
        Playground shard = Playground.ready(folder);
        shard.execute("UPDATE sluice.installation SET id = gen_random_uuid()");
        Files.copy(playground.keys, shard.keys, StandardCopyOption.REPLACE_EXISTING);
        shard.sluice("keys", "bind", "--rebind").succeeded();
        shard.send(List.copyOf(Events.sample().subList(0, 3)));
        shard.drain();

        String rows = "SELECT masked_ip || masked_device_id FROM user_logins ORDER BY 1";
        assertThat(shard.query(rows)).hasSize(3).isEqualTo(playground.query(rows));
        assertThat(shard.sluice("unmask", token, "--reason", "DSAR", "--ticket", "T")
                        .succeeded()
                        .lines())
                .hasSize(1);
        assertThat(shard.count("sluice.audit")).isPositive();
        assertThat(playground.count("sluice.audit")).isZero();
    }
}
