package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.keys.KeyInfo;
import dev.sluice.kms.TestKms;
import dev.sluice.mask.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyReloadIT {

    /** The file is looked at every ten seconds, and a long poll takes twenty; the rest is for a machine that is busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Playground playground;
    private Process worker;
    private int sent;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        playground = Playground.ready(folder);
        worker = playground.start("run");
        store();
    }

    @AfterEach
    void stop() throws InterruptedException {
        worker.destroyForcibly().waitFor();
    }

    @Test
    void masksWithThePromotedKeyAfterAHangUp() throws IOException, InterruptedException {
        String key = added();
        playground.sluice("keys", "promote", key).succeeded();

        hangUp();
        await().atMost(PATIENCE).until(() -> log().contains("new values use " + key + " (user-logins.masked_ip)"));
        store();

        assertThat(keysOfRows()).hasSize(2).contains(key);
        assertThat(worker.isAlive()).isTrue();
        worker.destroy();
        playground.ended(worker).succeeded();
    }

    @Test
    void noticesByItselfThatTheFileBehindALinkWasSwapped() throws IOException {
        // As an orchestrator does it: the path stays, what it leads to is another file.
        Path first = playground.folder.resolve("first.json");
        Files.move(playground.keys, first);
        Files.createSymbolicLink(playground.keys, first);
        Path second = playground.folder.resolve("second.json");
        Files.copy(first, second, StandardCopyOption.COPY_ATTRIBUTES);
        String key = addedTo(second);
        Path link = Files.createSymbolicLink(playground.folder.resolve("link"), second);
        Files.move(link, playground.keys, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        await().atMost(PATIENCE).until(() -> log().contains("new values use " + key));
        store();

        assertThat(keysOfRows()).contains(key);
    }

    @Test
    void goesOnWithTheKeysItHasWhenTheFileIsBroken() throws IOException, InterruptedException {
        String before = Files.readString(playground.keys);
        Files.writeString(playground.keys, "{");
        hangUp();
        await().atMost(PATIENCE).until(() -> log().contains("the previous ones stay in use"));
        store();

        // Another file altogether, which is whole: its keys would make tokens that join with nothing.
        Path other = playground.folder.resolve("other.json");
        playground
                .sluice(
                        "--keys",
                        other.toString(),
                        "keys",
                        "create",
                        "--allow-cleartext-keys",
                        "--despite-unknown-keys")
                .succeeded();
        Files.move(other, playground.keys, StandardCopyOption.REPLACE_EXISTING);
        hangUp();
        await().atMost(PATIENCE).until(() -> log().contains("lacks keys that it had"));
        store();

        assertThat(keysOfRows()).hasSize(1);
        Files.writeString(playground.keys, before);
        Files.setPosixFilePermissions(playground.keys, PosixFilePermissions.fromString("rw-------"));
        hangUp();
        await().atMost(PATIENCE).until(() -> log().contains("Keys were reloaded"));
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void refusesOtherBytesUnderKnownIds() throws IOException, InterruptedException {
        Path other = playground.folder.resolve("other.json");
        playground
                .sluice(
                        "--keys",
                        other.toString(),
                        "keys",
                        "create",
                        "--allow-cleartext-keys",
                        "--despite-unknown-keys")
                .succeeded();
        String token = playground.query("SELECT masked_ip FROM user_logins").getFirst();
        String forged = Files.readString(other);
        List<String> known = keyIds(Files.readString(playground.keys));
        for (String id : keyIds(forged)) {
            forged = forged.replace(id, known.removeFirst());
        }
        Files.writeString(playground.keys, forged);
        hangUp();
        await().atMost(PATIENCE).until(() -> log().contains("has other keys under the same ids"));
        assertThat(log()).doesNotContain("Keys were reloaded");
        // The same event: its tokens are those from before.
        sent = 0;
        playground.send(Events.logins(1));
        await().atMost(PATIENCE).until(() -> playground.count("user_logins") == 2);

        assertThat(playground.query("SELECT masked_ip FROM user_logins")).containsOnly(token);
    }

    private static List<String> keyIds(String file) {
        return Pattern.compile("\"primaryKeyId\":(\\d+)")
                .matcher(file)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void refusesAFileInClearWhereItWasEncrypted() throws IOException, InterruptedException {
        worker.destroyForcibly().waitFor();
        String clear = Files.readString(playground.keys);
        try (TestKms kms = new TestKms()) {
            playground.set("AWS_ENDPOINT_URL_KMS", kms.endpoint());
            playground.sluice("keys", "rewrap-kek", "--kms-key", TestKms.KEY).succeeded();
            worker = playground.start("run");
            store();
            // What somebody can do who can write the file, but is nobody to the KMS: a key of his own, made primary.
            Path planted = playground.write("planted.json", clear);
            Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rw-------"));
            String key = addedTo(planted);
            Files.move(planted, playground.keys, StandardCopyOption.REPLACE_EXISTING);
            hangUp();
            await().atMost(PATIENCE).until(() -> log().contains("is in clear text, and was encrypted by"));
            assertThat(log()).contains("the previous ones stay in use").doesNotContain("Keys were reloaded");
            store();

            assertThat(keysOfRows()).hasSize(1).doesNotContain(key);
        }
    }

    /** By the file's time, since a process that was started by nohup hears no SIGHUP. */
    @Test
    void warnsOfKeysInClearAtEachReload() throws IOException {
        await().atMost(PATIENCE).until(() -> log().split("The keys are in clear text", -1).length == 2);
        Files.setLastModifiedTime(playground.keys, FileTime.from(Instant.EPOCH));
        await().atMost(PATIENCE).until(() -> log().split("The keys are in clear text", -1).length == 3);
    }

    /** Sends one event, and waits for its row. */
    private void store() {
        List<String> bodies = Events.logins(sent + 1);
        playground.send(bodies.subList(sent, sent + 1));
        sent++;
        await().atMost(PATIENCE).until(() -> playground.count("user_logins") == sent);
    }

    private String added() {
        return addedId(playground.sluice("keys", "add", "masked_ip", "--output", "json"));
    }

    private String addedTo(Path file) {
        String key =
                addedId(playground.sluice("--keys", file.toString(), "keys", "add", "masked_ip", "--output", "json"));
        playground.sluice("--keys", file.toString(), "keys", "promote", key).succeeded();
        return key;
    }

    private static String addedId(Ran added) {
        return added.succeeded().lastLine().replaceFirst(".*\"key_id\":\"([0-9a-f]{8})\".*", "$1");
    }

    private Set<String> keysOfRows() {
        return playground.query("SELECT masked_ip FROM user_logins").stream()
                .map(token -> KeyInfo.hexId(Tokens.keyId(token).orElseThrow()))
                .collect(Collectors.toSet());
    }

    private void hangUp() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(worker.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private String log() {
        try {
            return Files.readString(playground.folder.resolve("err"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
