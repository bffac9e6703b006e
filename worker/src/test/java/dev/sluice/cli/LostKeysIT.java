package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keyset file is gone, and the table is not: new keys would split every join, so nothing advises to create them. */
class LostKeysIT {

    private Playground playground;
    private List<String> lostIds;

    @BeforeEach
    void storeThenLoseTheFile(@TempDir Path folder) throws IOException {
        playground = Playground.ready(folder);
        playground.send(List.copyOf(Events.sample().subList(0, 3)));
        playground.send(List.of("no json"));
        playground.drain();
        lostIds = playground.sluice("keys", "list", "--no-rows", "--output", "json").succeeded().lines().stream()
                .map(line -> line.replaceAll(".*\"key_id\":\"([0-9a-f]{8})\".*", "$1"))
                .toList();
        Files.delete(playground.keys);
    }

    @Test
    void whoMissesTheFileIsSentToTheBackup() {
        for (String[] command : List.of(
                new String[] {"run", "--until-empty"},
                new String[] {"peek"},
                new String[] {"keys", "list"},
                new String[] {"unmask", "x", "--reason", "DSAR", "--ticket", "T"})) {
            assertThat(playground.sluice(command).refused(ExitCode.CONFIG))
                    .contains(
                            "there is no keyset file",
                            "restore it from a backup; on a first installation: sluice keys create");
        }
    }

    @Test
    void createRefusesNewKeysBesideValuesOfLostOnesUnlessThatIsAccepted() {
        String refusal = create().refused(ExitCode.CONFIG);

        assertThat(refusal)
                .contains(lostIds)
                .contains("Restore the keyset file from a backup", "--despite-unknown-keys");
        assertThat(playground.keys).doesNotExist();

        create("--despite-unknown-keys").succeeded();

        Ran doctor = playground.sluice("doctor");
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(doctor.out().lines().filter(line -> line.startsWith("fail  keys of the rows")))
                .singleElement()
                .asString()
                .contains(lostIds)
                .contains("Restore the keyset file from a backup");
        assertThat(playground
                        .sluice("keys", "list", "--output", "json")
                        .succeeded()
                        .lines())
                .hasSize(6)
                .contains("{\"field\":null,\"use\":null,\"key_id\":\"" + lostIds.getLast()
                        + "\",\"status\":\"not in this file\",\"primary\":false,\"rows\":"
                        + (playground.count("user_logins") == 3 ? 1 : 0) + "}");
    }

    @Test
    void anotherPipelinesQuarantineMayBeSealedWithAnotherFile() {
        playground.execute("TRUNCATE user_logins; UPDATE sluice.quarantine SET pipeline = 'other'");

        create().succeeded();

        assertThat(playground.sluice("doctor").succeeded().out()).contains("pass  keys of the rows");
        assertThat(playground.sluice("keys", "list").succeeded().out()).doesNotContain("not in this file");
    }

    @Test
    void aFirstInstallationHasNothingToLookAt() {
        playground.execute("DROP TABLE user_logins; DROP SCHEMA sluice CASCADE");

        assertThat(create().succeeded().err()).isEmpty();
    }

    @Test
    void createWarnsWhenItCouldNotLook() {
        playground.set("SLUICE_DATABASE_URL", "postgresql://sluice:x@127.0.0.1:1/db");

        assertThat(create().succeeded().err())
                .contains("warning: the table was not checked for values of other keys: could not connect");
    }

    private Ran create(String... more) {
        String[] command = new String[3 + more.length];
        System.arraycopy(new String[] {"keys", "create", "--allow-cleartext-keys"}, 0, command, 0, 3);
        System.arraycopy(more, 0, command, 3, more.length);
        return playground.sluice(command);
    }
}
