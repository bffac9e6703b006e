package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.kms.TestKms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KmsKeysIT {

    private final TestKms kms = new TestKms();
    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder)
                .set("AWS_ENDPOINT_URL_KMS", kms.endpoint())
                .set("SLUICE_KMS_KEY", TestKms.KEY);
    }

    @AfterEach
    void close() {
        kms.close();
    }

    @Test
    void runsOnKeysThatNeverLieInClear() throws IOException {
        playground.createQueue();
        playground.send(Events.logins(3));
        playground.sluice("keys", "create").succeeded();
        playground.sluice("migrate").succeeded();
        Files.setPosixFilePermissions(playground.keys, PosixFilePermissions.fromString("r--r-----"));

        Ran run = playground.drain();

        assertThat(run.err()).doesNotContain("clear text");
        assertThat(playground.count("user_logins")).isEqualTo(3);
        assertThat(Files.readString(playground.keys)).contains(TestKms.KEY).doesNotContain("keyData");
        assertThat(kms.operations()).containsExactly("Encrypt", "Decrypt");
        assertThat(playground.sluice("doctor").succeeded().out())
                .containsPattern("pass +keys at rest +encrypted by arn");
    }

    @Test
    void namesThePipelineThatTheFileIsFor() {
        playground.sluice("keys", "create").succeeded();

        assertThat(playground
                        .sluice("--pipeline", "user-logins-sha256", "keys", "list", "--no-rows")
                        .refused(ExitCode.CONFIG))
                .contains("made for the pipeline 'user-logins'", "'user-logins-sha256'");
    }

    @Test
    void acceptsNoFileUnderAKeyOfSomebodyElse() {
        playground
                .set("SLUICE_KMS_KEY", TestKms.OTHER_KEY)
                .sluice("keys", "create")
                .succeeded();

        assertThat(playground
                        .set("SLUICE_KMS_KEY", TestKms.KEY)
                        .sluice("keys", "list")
                        .refused(ExitCode.CONFIG))
                .contains(TestKms.OTHER_KEY, TestKms.KEY, "SLUICE_KMS_KEY");
    }

    @Test
    void tellsAwayFromDeniedFromWrong() {
        playground.sluice("keys", "create").succeeded();

        kms.failing(500, "KMSInternalException");
        assertThat(playground.sluice("run").refused(ExitCode.UNAVAILABLE)).contains("kms:Decrypt");
        kms.failing(400, "AccessDeniedException");
        assertThat(playground.sluice("run").refused(ExitCode.NOT_PERMITTED)).contains("sluice-pipeline=user-logins");
        kms.failing(400, "InvalidCiphertextException");
        assertThat(playground.sluice("run").refused(ExitCode.CONFIG)).contains("another key or for another pipeline");
        assertThat(playground.sluice("doctor").out()).containsPattern("fail +keys +kms:Decrypt failed");
    }

    @Test
    void movesTheFileToAnotherKeyWithoutTouchingTheKeysInIt() {
        playground.sluice("keys", "create").succeeded();
        String before = listed();

        Ran moved = playground
                .sluice("keys", "rewrap-kek", "--kms-key", TestKms.OTHER_KEY)
                .succeeded();

        assertThat(moved.out()).contains("encrypted by " + TestKms.OTHER_KEY, "SLUICE_KMS_KEY");
        playground.sluice("keys", "list").refused(ExitCode.CONFIG);
        playground.set("SLUICE_KMS_KEY", TestKms.OTHER_KEY);
        assertThat(listed()).isEqualTo(before);
    }

    @Test
    void goesToClearOnlyWhenAllowedAndBack() {
        playground.sluice("keys", "create").succeeded();
        String before = listed();

        playground.sluice("keys", "rewrap-kek").refused(ExitCode.USAGE);
        playground.sluice("keys", "rewrap-kek", "--allow-cleartext-keys").succeeded();
        assertThat(playground.sluice("keys", "list").refused(ExitCode.CONFIG)).contains("is not encrypted");
        playground.unset("SLUICE_KMS_KEY");
        assertThat(listed()).isEqualTo(before);

        playground.sluice("keys", "rewrap-kek", "--kms-key", TestKms.KEY).succeeded();
        assertThat(listed()).isEqualTo(before);
    }

    @Test
    void refusesWhatIsNoKeysArn() {
        String refusal = playground
                .set("SLUICE_KMS_KEY", "alias/sluice")
                .sluice("keys", "create")
                .refused(ExitCode.CONFIG);

        assertThat(refusal).contains("arn:aws:kms");
        assertThat(playground.keys).doesNotExist();
    }

    private String listed() {
        return playground.sluice("keys", "list", "--no-rows").succeeded().out();
    }
}
