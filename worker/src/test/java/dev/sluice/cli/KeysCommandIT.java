package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
    }

    @Test
    void makesAFileThatOnlyItsOwnerMayReadWithAKeysetPerFieldAndOneForTheQuarantine() throws IOException {
        Ran create = create().succeeded();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(playground.keys)))
                .isEqualTo("rw-------");
        assertThat(create.out()).contains("user-logins.masked_ip", "user-logins.masked_device_id", "quarantine");
    }

    @Test
    void refusesKeysInClearTextUnlessAllowed() {
        String refusal = playground.sluice("keys", "create").refused(ExitCode.CONFIG);

        assertThat(refusal).contains("--allow-cleartext-keys");
        assertThat(playground.keys).doesNotExist();
    }

    @Test
    void addsOnlyWhatIsMissing() {
        playground
                .sluice("--pipeline", "user-logins-sha256", "keys", "create", "--allow-cleartext-keys")
                .succeeded();
        String quarantine = listed().getFirst();

        Ran added = create().succeeded();

        assertThat(added.out()).contains("user-logins.masked_ip").doesNotContain("quarantine");
        assertThat(listed()).hasSize(3).contains(quarantine);
    }

    @Test
    void changesNothingWhenNothingIsMissing() throws IOException {
        create().succeeded();
        byte[] before = Files.readAllBytes(playground.keys);

        assertThat(create().succeeded().out()).contains("nothing was created");
        assertThat(Files.readAllBytes(playground.keys)).isEqualTo(before);
    }

    @Test
    void listsIdsAndStatesButNoKey() throws IOException {
        create().succeeded();
        String file = Files.readString(playground.keys);

        List<String> listed = listed();

        assertThat(listed)
                .hasSize(3)
                .allMatch(line ->
                        line.matches("\\{\"field\":\"[a-z_.-]+\",\"use\":\"[a-z-]+\",\"key_id\":\"[0-9a-f]{8}\","
                                + "\"status\":\"enabled\",\"primary\":true}"));
        // Whatever in the file is long enough to be a key.
        assertThat(file.split("\"", -1))
                .filteredOn(text -> text.length() >= 32 && !text.contains(" ") && !text.contains("type.googleapis.com"))
                .isNotEmpty()
                .noneMatch(text -> String.join("\n", listed).contains(text));
    }

    @Test
    void cannotListKeysThatAreNotThere() {
        assertThat(playground.sluice("keys", "list").refused(ExitCode.CONFIG)).contains("there is no keyset file");
    }

    private Ran create() {
        return playground.sluice("keys", "create", "--allow-cleartext-keys");
    }

    private List<String> listed() {
        return playground
                .sluice("keys", "list", "--no-rows", "--output", "json")
                .succeeded()
                .lines();
    }
}
