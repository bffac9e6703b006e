package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyEncryption;
import dev.sluice.keys.KeyEncryptionKey;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.KeysetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPartsTest {

    private static final String KMS_KEY =
            "arn:aws:kms:eu-central-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e";
    private static final Map<String, KeyKind> WANTED = Map.of("user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD);
    private static final String CANARY = "postgresql://u:canary@localhost/sluice";

    private final Map<String, String> environment = new HashMap<>();
    private Path folder;
    private Path keys;

    @BeforeEach
    void prepare(@TempDir Path temporary) throws IOException {
        folder = temporary;
        keys = folder.resolve("keys.json");
        environment.put("SLUICE_KEYS", keys.toString());
        Path url = Files.writeString(folder.resolve("url"), CANARY + "\n");
        environment.put("SLUICE_DATABASE_URL_FILE", url.toUri().toString().replace("file:/", "file:///"));
    }

    private Settings settings() {
        return HostParts.settings(environment);
    }

    private void createEncrypted() {
        KeysetFile.at(keys, new Kms()).create(WANTED, false);
    }

    @Test
    void refusesAnEncryptedKeysetFileAndNamesWhatToDo() {
        createEncrypted();

        assertThatThrownBy(() -> HostParts.keysets(settings(), "user-logins"))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("is encrypted by " + KMS_KEY)
                .hasMessageContaining("'sluice keys rewrap-kek --allow-cleartext-keys'");
    }

    @Test
    void refusesACleartextKeysetFileWhereOneIsToBeEncrypted() {
        KeysetFile.at(keys).create(WANTED, true);
        environment.put("SLUICE_KMS_KEY", KMS_KEY);

        assertThatThrownBy(() -> HostParts.keysets(settings(), "user-logins"))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("is not encrypted, but SLUICE_KMS_KEY requires");
    }

    @Test
    void readsWhatWasDecryptedForIt() {
        createEncrypted();
        KeysetFile.at(keys, new Kms()).rewrap(null, true);

        assertThat(HostParts.keysets(settings(), "user-logins").list()).hasSize(2);
    }

    @Test
    void readsKeysAndPasswordsOfAnotherFileSystem() throws IOException {
        KeysetFile.at(keys).create(WANTED, true);
        String check = KeysetFile.at(keys).read().checkValue();
        // A store of objects has no modes; who may read is a matter of its roles.
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        environment.put("SLUICE_KEYS", keys.toUri().toString().replace("file:/", "file:///"));

        assertThat(HostParts.keysets(settings(), "user-logins").checkValue()).isEqualTo(check);
        assertThat(settings().text(Setting.DATABASE_URL)).isEqualTo(CANARY);
    }

    @Test
    void refusesAnEncryptedKeysetFileOfAnotherFileSystemToo() {
        createEncrypted();
        environment.put("SLUICE_KEYS", keys.toUri().toString().replace("file:/", "file:///"));

        assertThatThrownBy(() -> HostParts.keysets(settings(), "user-logins"))
                .isInstanceOf(KeysException.class)
                .hasMessageContaining("cannot call a KMS");
    }

    @Test
    void namesTheFileThatDoesNotExistOrIsTooLarge() throws IOException {
        String missing = "file://" + folder + "/none";
        environment.put("SLUICE_KEYS", missing);
        assertThatThrownBy(() -> HostParts.keysets(settings(), "user-logins"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("could not read " + missing + ": it does not exist");

        Files.write(keys, new byte[(1 << 20) + 1]);
        environment.put("SLUICE_KEYS", "file://" + keys);
        assertThatThrownBy(() -> HostParts.keysets(settings(), "user-logins"))
                .hasMessage("could not read file://" + keys + ": it is too large for a secret");
    }

    @Test
    void refusesSecretsThatOnlyTheWorkerCanFetch() {
        environment.remove("SLUICE_DATABASE_URL_FILE");
        environment.put("SLUICE_DATABASE_URL", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:sluice-AbCdEf");

        assertThatThrownBy(() -> settings().database())
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the application on Spark cannot fetch");
    }

    /** Wraps a data key by turning its bits. */
    private record Kms() implements KeyEncryption, KeyEncryptionKey {

        @Override
        public String pipeline() {
            return "user-logins";
        }

        @Override
        public String demanded() {
            return KMS_KEY;
        }

        @Override
        public KeyEncryptionKey key(String id) {
            return this;
        }

        @Override
        public String id() {
            return KMS_KEY;
        }

        @Override
        public byte[] wrap(byte[] dataKey) {
            return turned(dataKey);
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
            return turned(wrapped);
        }

        private static byte[] turned(byte[] bytes) {
            byte[] turned = bytes.clone();
            for (int i = 0; i < turned.length; i++) {
                turned[i] ^= 0x5a;
            }
            return turned;
        }
    }
}
