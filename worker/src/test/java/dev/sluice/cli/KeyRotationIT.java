package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRotationIT {

    private static final String FIELD = "user-logins.masked_ip";

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(List.of(
                Events.login("user-1", "192.0.2.1", "111-22-3333"),
                Events.login("user-2", "192.0.2.2", "111-22-3333"),
                Events.BAD));
        playground.drain();
    }

    @Test
    void tellsTheNextStepAtEachStep() {
        String old = primary(FIELD);

        Ran add = playground.sluice("keys", "add", "masked_ip").succeeded();
        String added = keyId(add);
        assertThat(add.out())
                .contains("of user-logins.masked_ip is enabled", "Nothing is made with it yet")
                .contains("sluice keys promote " + added);
        assertThat(primary(FIELD)).isEqualTo(old);

        Ran promote = playground.sluice("keys", "promote", added).succeeded();
        assertThat(promote.out()).contains("is primary", "sluice rewrap", "sluice keys disable");
        assertThat(primary(FIELD)).isEqualTo(added);

        Ran disable = playground.sluice("keys", "disable", old).succeeded();
        assertThat(disable.out()).contains("is disabled", "sluice keys enable " + old, "sluice keys destroy " + old);
        assertThat(playground.sluice("keys", "enable", old).succeeded().out()).contains("is enabled");
    }

    @Test
    void countsTheRowsOfEachKeyInTableAndQuarantine() {
        String old = primary(FIELD);
        rotate();
        playground.send(List.of(Events.login("user-3", "192.0.2.1", "111-22-3333")));
        playground.drain();

        List<String> listed = playground
                .sluice("keys", "list", "--output", "json")
                .succeeded()
                .lines();

        assertThat(listed)
                .hasSize(4)
                .anyMatch(line -> line.contains(old) && line.endsWith("\"primary\":false,\"rows\":2}"))
                .anyMatch(line -> line.contains(FIELD) && line.endsWith("\"primary\":true,\"rows\":1}"))
                .anyMatch(line -> line.contains("masked_device_id") && line.endsWith("\"rows\":3}"))
                .anyMatch(line -> line.contains("quarantine") && line.endsWith("\"rows\":1}"));
        assertThat(playground.sluice("doctor").succeeded().out())
                .contains("2 rows use key " + old + " of " + FIELD, "docs/rotate.md");
    }

    @Test
    void listsWithoutRowsAndSaysWhyWhenTheyCannotBeCounted() {
        playground.execute("DROP TABLE user_logins");
        Ran missing = playground.sluice("keys", "list", "--output", "json").succeeded();
        assertThat(missing.err()).contains("rows were not counted", "42P01");
        assertThat(missing.lines()).hasSize(3).allMatch(line -> line.endsWith("\"rows\":null}"));

        playground.unset("SLUICE_DATABASE_URL");
        Ran unset = playground.sluice("keys", "list").succeeded();
        assertThat(unset.err()).contains("rows were not counted: no database is set");
        assertThat(unset.out()).contains("rows").doesNotContain("NULL");

        assertThat(playground.sluice("keys", "list", "--no-rows").succeeded().err())
                .isEmpty();
    }

    @Test
    void destroysNoKeyThatRowsCarry() {
        String old = primary(FIELD);
        rotate();
        playground.sluice("keys", "disable", old).succeeded();

        assertThat(playground.sluice("keys", "destroy", old, "--yes").refused(ExitCode.CONFIG))
                .contains("2 rows carry key " + old, "--even-if-used");
        assertThat(playground.sluice("doctor").succeeded().out()).contains("is disabled and not primary");

        playground.execute("DELETE FROM user_logins");
        assertThat(playground.sluice("keys", "destroy", old).refused(ExitCode.USAGE))
                .contains("--yes");
        assertThat(playground
                        .sluice("keys", "destroy", old, "--yes")
                        .succeeded()
                        .out())
                .contains("Key " + old + " of " + FIELD + " is destroyed", "Backups of the keyset file");
        assertThat(playground.sluice("keys", "list").succeeded().out()).containsPattern(old + " +destroyed");
    }

    @Test
    void shredsOnlyWhenToldSo() {
        String old = primary(FIELD);
        rotate();
        playground.sluice("keys", "disable", old).succeeded();
        playground.unset("SLUICE_DATABASE_URL");

        assertThat(playground.sluice("keys", "destroy", old, "--yes").refused(ExitCode.CONFIG))
                .contains("cannot be counted", "no database is set");
        playground.sluice("keys", "destroy", old, "--yes", "--even-if-used").succeeded();
    }

    @Test
    void destroysNoKeyOfAnotherPipelineUnseen() {
        String key = primary(FIELD);
        rotate();
        playground.sluice("keys", "disable", key).succeeded();

        assertThat(playground
                        .sluice("--pipeline", "user-logins-sha256", "keys", "destroy", key, "--yes")
                        .refused(ExitCode.CONFIG))
                .contains("another pipeline");
    }

    @Test
    void refusesWhatTheLifeOfAKeyDoesNotAllow() {
        String key = primary(FIELD);

        assertThat(playground.sluice("keys", "disable", key).refused(ExitCode.CONFIG))
                .contains("primary");
        assertThat(playground.sluice("keys", "destroy", key, "--yes").refused(ExitCode.CONFIG))
                .contains("keys disable");
        assertThat(playground.sluice("keys", "add", "user_id").refused(ExitCode.CONFIG))
                .contains("no keyset 'user-logins.user_id'");
        assertThat(playground.sluice("keys", "promote", "12345678").refused(ExitCode.CONFIG))
                .contains("no key 12345678");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "1a2b3c4", "user-logins.masked_ip"})
    void wantsAnIdAsItIsListed(String id) {
        assertThat(playground.sluice("keys", "promote", id).refused(ExitCode.USAGE))
                .contains("eight hex digits");
    }

    @Test
    void rotatesTheKeyOfTheQuarantineAndStillOpensWhatTheOldOneSealed() {
        String added = keyId(playground.sluice("keys", "add", "quarantine").succeeded());
        assertThat(playground.sluice("keys", "promote", added).succeeded().out())
                .contains("Older originals");

        assertThat(playground
                        .sluice("quarantine", "show", "1", "--ticket", "OPS-1")
                        .succeeded()
                        .out())
                .contains("original_bytes");
    }

    private void rotate() {
        String added = keyId(playground.sluice("keys", "add", "masked_ip").succeeded());
        playground.sluice("keys", "promote", added).succeeded();
    }

    private static String keyId(Ran added) {
        return added.lines().getFirst().replaceFirst("Key ([0-9a-f]{8}) .*", "$1");
    }

    private String primary(String field) {
        return playground.sluice("keys", "list", "--no-rows", "--output", "json").succeeded().lines().stream()
                .filter(line -> line.contains(field) && line.contains("\"primary\":true"))
                .map(line -> line.replaceFirst(".*\"key_id\":\"([0-9a-f]{8})\".*", "$1"))
                .findFirst()
                .orElseThrow();
    }
}
