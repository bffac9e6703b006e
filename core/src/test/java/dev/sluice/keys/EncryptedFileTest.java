package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedFileTest {

    private static final String KEK = "arn:aws:kms:eu-central-1:111122223333:key/first";
    private static final String OTHER_KEK = "arn:aws:kms:eu-central-1:111122223333:key/second";
    private static final Map<String, KeyKind> WANTED = Map.of("logins.ip", KeyKind.DETERMINISTIC_AEAD);

    @TempDir
    private Path folder;

    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = folder.resolve("keys.json");
    }

    @Test
    void makesAndReadsAnEncryptedFileWithoutAWordOnCleartext() throws IOException {
        List<KeyInfo> created = file("logins", KEK).create(WANTED, false);

        Keysets read = file("logins", null).read();

        assertThat(read.list()).isEqualTo(created).hasSize(2);
        assertThat(read.encryptedBy()).contains(KEK);
        assertThat(Files.readString(path))
                .contains("\"encryption\":\"aws-kms\"", KEK, "\"pipeline\":\"logins\"")
                .doesNotContain("AesSivKey", "keyData", "logins.ip", "quarantine");
    }

    @Test
    void keepsEncryptionAndModeThroughChanges() throws IOException {
        List<KeyInfo> created = file("logins", KEK).create(WANTED, false);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));

        KeyInfo added = file("logins", null).add("logins.ip", false);
        file("logins", null).create(Map.of("logins.other", KeyKind.KEYED_HASH), false);

        assertThat(file("logins", KEK).read().list())
                .contains(added)
                .containsAll(created)
                .hasSize(4);
        assertThat(Files.readString(path)).contains("aws-kms");
        assertThat(mode()).isEqualTo("rw-r-----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--r-----", "rw-rw----", "r--r--r--"})
    void mayBeReadByOthersButNotWrittenByAll(String mode) throws IOException {
        file("logins", KEK).create(WANTED, false);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));

        assertThat(file("logins", KEK).read().list()).hasSize(2);

        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r---w-"));
        refused(() -> file("logins", KEK).read(), "chmod o-w");
    }

    /** Else it could be taken off, or put on another file, without the key. */
    @Test
    void bindsToADatabaseWithinItsSeal() throws IOException {
        UUID database = UUID.randomUUID();
        file("logins", KEK).create(WANTED, false);

        file("logins", KEK).bind(database, false);

        assertThat(file("logins", KEK).read().database()).contains(database);
        assertThat(Files.readString(path)).doesNotContain(database.toString());
        file("logins", KEK).rewrap(OTHER_KEK, false);
        assertThat(file("logins", OTHER_KEK).read().database()).contains(database);
        file("logins", OTHER_KEK).rewrap(null, true);
        assertThat(KeysetFile.at(path).read().database()).contains(database);
    }

    @Test
    void servesOnePipeline() {
        file("logins", KEK).create(WANTED, false);

        refused(() -> file("payments", null).read(), "made for the pipeline 'logins'", "'payments'");
        refused(() -> file("payments", KEK).create(Map.of(), false), "made for the pipeline 'logins'");
    }

    @Test
    void refusesAFileUnderAnotherKeyOrInClearWhenAKeyIsDemanded() {
        file("logins", OTHER_KEK).create(WANTED, false);
        refused(() -> file("logins", KEK).read(), KEK, OTHER_KEK, "SLUICE_KMS_KEY");

        file("logins", OTHER_KEK).rewrap(null, true);
        refused(() -> file("logins", OTHER_KEK).read(), "is not encrypted", OTHER_KEK);
        refused(() -> file("logins", OTHER_KEK).add("logins.ip", false), "is not encrypted");
    }

    @Test
    void refusesAFileWhoseEnvelopeSaysOtherThanItsSeal() throws IOException {
        file("logins", KEK).create(WANTED, false);
        String written = Files.readString(path);

        Files.writeString(path, written.replace("\"pipeline\":\"logins\"", "\"pipeline\":\"payments\""));
        refused(() -> file("payments", null).read(), "another context");

        Files.writeString(path, written.replace(KEK, OTHER_KEK));
        refused(() -> file("logins", null).read(), "another context");
    }

    @Test
    void refusesAChangedSeal() throws IOException {
        file("logins", KEK).create(WANTED, false);
        String written = Files.readString(path);
        int last = written.lastIndexOf('\"') - 6;
        char other = written.charAt(last) == 'A' ? 'B' : 'A';

        Files.writeString(path, written.substring(0, last) + other + written.substring(last + 1));

        refused(() -> file("logins", null).read(), "altered or damaged");
        Files.writeString(path, written.replaceFirst("\"sealed\":\"[^\"]*", "\"sealed\":\"AA"));
        refused(() -> file("logins", null).read(), "altered or damaged");
        Files.writeString(path, written.replaceFirst("\"sealed\":\"[^\"]*", "\"sealed\":\"A!"));
        refused(() -> file("logins", null).read(), "kms-key, pipeline and sealed");
    }

    @Test
    void rewrapsUnderAnotherKeyAndChangesNoKeyset() {
        List<KeyInfo> created = file("logins", KEK).create(WANTED, false);
        byte[] token = token(file("logins", KEK).read());

        file("logins", KEK).rewrap(OTHER_KEK, false);

        Keysets read = file("logins", OTHER_KEK).read();
        assertThat(read.list()).isEqualTo(created);
        assertThat(read.encryptedBy()).contains(OTHER_KEK);
        assertThat(token(read)).isEqualTo(token);
    }

    @Test
    void goesFromClearToEncryptedAndBackOnlyWhenAllowed() throws IOException {
        List<KeyInfo> created = KeysetFile.at(path).create(WANTED, true);

        file("logins", null).rewrap(KEK, false);
        refused(() -> file("logins", null).rewrap(null, false), "--allow-cleartext-keys");
        assertThat(file("logins", KEK).read().list()).isEqualTo(created);

        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        file("logins", null).rewrap(null, true);

        assertThat(KeysetFile.at(path).read().list()).isEqualTo(created);
        assertThat(mode()).isEqualTo("rw-------");
    }

    @Test
    void doesNotShutOtherPipelinesOutOfTheirKeys() {
        KeysetFile.at(path).create(Map.of("logins.ip", KeyKind.KEYED_HASH, "payments.card", KeyKind.KEYED_HASH), true);

        refused(() -> file("logins", null).rewrap(KEK, false), "payments.card", "one pipeline");
        assertThat(KeysetFile.at(path).read().list()).hasSize(3);
    }

    @Test
    void cannotBeReadWithoutAKms() {
        file("logins", KEK).create(WANTED, false);

        refused(() -> KeysetFile.at(path).read(), "is encrypted");
    }

    private KeysetFile file(String pipeline, @Nullable String demanded) {
        return KeysetFile.at(path, new Encryption(pipeline, demanded));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static byte[] token(Keysets keysets) {
        return keysets.deterministicCipher("logins.ip").encrypt(new byte[16], new byte[0]);
    }

    private static void refused(Runnable action, String... words) {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(action::run)
                .withMessageContainingAll(words)
                .withNoCause();
    }

    private record Encryption(String pipeline, @Nullable String demanded) implements KeyEncryption {
        @Override
        public KeyEncryptionKey key(String id) {
            return new Kek(id, pipeline);
        }
    }

    /** Wraps by a byte and a label: what is tested here is what stands around it. */
    private record Kek(String id, String pipeline) implements KeyEncryptionKey {

        @Override
        public byte[] wrap(byte[] dataKey) {
            byte[] label = label();
            byte[] wrapped = ByteBuffer.allocate(label.length + dataKey.length)
                    .put(label)
                    .put(dataKey)
                    .array();
            for (int index = label.length; index < wrapped.length; index++) {
                wrapped[index] ^= 0x5a;
            }
            return wrapped;
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
            byte[] label = label();
            if (wrapped.length < label.length || !Arrays.equals(label, Arrays.copyOf(wrapped, label.length))) {
                throw new KeysException("another context");
            }
            byte[] dataKey = Arrays.copyOfRange(wrapped, label.length, wrapped.length);
            for (int index = 0; index < dataKey.length; index++) {
                dataKey[index] ^= 0x5a;
            }
            return dataKey;
        }

        private byte[] label() {
            return (id + "|" + pipeline + "|").getBytes(StandardCharsets.UTF_8);
        }
    }
}
