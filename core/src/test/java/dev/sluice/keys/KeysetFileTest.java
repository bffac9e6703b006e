package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetFileTest {

    private static final Map<String, KeyKind> WANTED =
            Map.of("logins.ip", KeyKind.DETERMINISTIC_AEAD, "logins.device", KeyKind.KEYED_HASH);

    @TempDir
    private Path folder;

    @Test
    void readsEveryKeyWithItsKindStatusAndPlace() {
        Keysets keysets = GoldenKeys.load(folder);

        assertThat(keysets.list())
                .containsExactly(
                        key("user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD, 0x11111111, true),
                        new KeyInfo(
                                "user-logins.masked_ip",
                                KeyKind.DETERMINISTIC_AEAD,
                                0x55555555,
                                KeyInfo.Status.DISABLED,
                                false),
                        key("user-logins.masked_device_id", KeyKind.DETERMINISTIC_AEAD, 0xfedcba98, true),
                        key("user-logins.hashed_ip", KeyKind.KEYED_HASH, 0x33333333, true),
                        key("quarantine", KeyKind.SEALING, 0x44444444, true));
        assertThat(keysets.find(0xfedcba98)).map(KeyInfo::unsignedId).contains(0xfedcba98L);
        assertThat(keysets.find(0xfedcba98)).map(KeyInfo::hexId).contains("fedcba98");
        assertThat(keysets.find(1)).isEmpty();
    }

    @Test
    void createsTheWantedKeysetsAndTheQuarantine() {
        Path file = folder.resolve("keys.json");

        List<KeyInfo> created = KeysetFile.at(file).create(WANTED, true);

        assertThat(created)
                .extracting(KeyInfo::field, KeyInfo::kind, KeyInfo::status, KeyInfo::primary)
                .containsExactlyInAnyOrder(
                        created("logins.ip", KeyKind.DETERMINISTIC_AEAD),
                        created("logins.device", KeyKind.KEYED_HASH),
                        created("quarantine", KeyKind.SEALING));
        assertThat(created).extracting(KeyInfo::id).doesNotHaveDuplicates().doesNotContain(0);
        assertThat(KeysetFile.at(file).read().list()).isEqualTo(created);
    }

    @Test
    void bindsToOneDatabaseUntilItIsSaidToBindToAnother() throws IOException {
        Path file = folder.resolve("keys.json");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        KeysetFile keys = KeysetFile.at(file);
        List<KeyInfo> created = keys.create(WANTED, true);
        assertThat(keys.read().database()).isEmpty();

        keys.bind(first, false);
        keys.bind(first, false);
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> keys.bind(second, false))
                .withMessageContainingAll(first.toString(), second.toString(), "--rebind");
        keys.add("logins.ip", false);
        assertThat(keys.read().database()).contains(first);
        keys.bind(second, true);

        assertThat(keys.read().database()).contains(second);
        assertThat(keys.read().list()).containsAll(created);
        for (String wrong : List.of("\"database\":\"x\"", "\"database\":null", "\"database\":5", "\"base\":\"x\"")) {
            Files.writeString(file, Files.readString(file).replaceFirst("\"(data)?base\":[^}]*}$", wrong + "}"));
            assertThatExceptionOfType(KeysException.class).as(wrong).isThrownBy(keys::read);
        }
    }

    @Test
    void createsAFileThatOnlyItsOwnerMayRead() throws IOException {
        Path file = folder.resolve("keys.json");

        KeysetFile.at(file).create(WANTED, true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void addsAFieldAndLeavesTheOtherKeysetsByteForByte() throws IOException {
        // Spaced as no writer of ours would.
        String before = GoldenKeys.json().replace("\"primaryKeyId\":", "\"primaryKeyId\" :  ");
        Path file = GoldenKeys.write(folder, before);

        List<KeyInfo> created = KeysetFile.at(file)
                .create(
                        Map.of(
                                "user-logins.masked_ip",
                                KeyKind.DETERMINISTIC_AEAD,
                                "user-logins.new",
                                KeyKind.KEYED_HASH),
                        true);

        assertThat(created).extracting(KeyInfo::field).containsExactly("user-logins.new");
        byte[] after = Files.readAllBytes(file);
        Map<String, byte[]> split = keysets(after);
        keysets(before.getBytes(StandardCharsets.UTF_8))
                .forEach((field, json) -> assertThat(split.get(field)).isEqualTo(json));
        assertThat(split).hasSize(5);
    }

    @Test
    void writesNothingWhenNothingIsMissing() throws IOException {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

        List<KeyInfo> created =
                KeysetFile.at(file).create(Map.of("user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD), false);

        assertThat(created).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(GoldenKeys.json());
    }

    @Test
    void replacesWhatALinkPointsAtAndKeepsTheLink() throws IOException {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);

        KeysetFile.at(link).create(WANTED, true);

        assertThat(link).isSymbolicLink();
        assertThat(KeysetFile.at(file).read().list()).hasSize(7);
    }

    @Test
    void refusesToMakeClearKeysUnlessAllowed() {
        Path file = folder.resolve("keys.json");

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).create(WANTED, false))
                .withMessageContaining("--allow-cleartext-keys");
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesAnotherKindForAFieldThatHasAKeyset() {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).create(Map.of("user-logins.masked_ip", KeyKind.KEYED_HASH), true))
                .withMessageContainingAll("user-logins.masked_ip", "deterministic-aead", "keyed-hash");
        assertThat(file).hasContent(GoldenKeys.json());
    }

    @Test
    void refusesAWantedFieldThatIsNoColumnOfAPipeline() {
        Path file = folder.resolve("keys.json");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeysetFile.at(file).create(Map.of("quarantine", KeyKind.KEYED_HASH), true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeysetFile.at(file).create(Map.of("a.b", KeyKind.SEALING), true));
    }

    @Test
    void leavesTheFileAloneWhileAnotherWriterIsAtWork() throws IOException {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());
        Files.createFile(folder.resolve("keys.json.new"));

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).create(WANTED, true))
                .withMessageContaining("keys.json.new");
        assertThat(file).hasContent(GoldenKeys.json());
        assertThat(folder.resolve("keys.json.new")).exists();
    }

    @Test
    void losesNoKeysetToConcurrentWriters() throws Exception {
        Path file = folder.resolve("keys.json");
        Map<String, KeyInfo> reported = new LinkedHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<KeyInfo>>> writers = IntStream.range(0, 16)
                    .<Callable<List<KeyInfo>>>mapToObj(
                            index -> () -> createOrNothing(file, Map.of("logins.c" + index, KeyKind.KEYED_HASH)))
                    .toList();
            for (Future<List<KeyInfo>> writer : threads.invokeAll(writers)) {
                writer.get().forEach(key -> reported.put(key.field(), key));
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(reported).containsKey("quarantine").hasSizeGreaterThan(1);
        assertThat(KeysetFile.at(file).read().list()).containsExactlyInAnyOrderElementsOf(reported.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rwx------", "rw--w----", "-w-------"})
    void refusesAnyModeButOwnerOnly(String mode) throws IOException {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll("chmod 600", file.toString(), mode);
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).create(WANTED, true));
    }

    @Test
    void readsAFileThatItsOwnerMayNotWrite() throws IOException {
        Path file = GoldenKeys.write(folder, GoldenKeys.json());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

        assertThat(KeysetFile.at(file).read().list()).hasSize(5);
    }

    @Test
    void tellsTheRemedyWhenThereIsNoFile() {
        Path file = folder.resolve("none.json");

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll("sluice keys create", file.toString());
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(folder.resolve("no/keys.json")).create(WANTED, true))
                .withMessageContaining("folder");
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(folder).read());
    }

    /** Each replaces the first text by the second in the golden file; the message must hold the third. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"sluice-keyset-file\":1 | \"sluice-keyset-file\":2 | format that this version",
                "\"sluice-keyset-file\":1 | \"sluice-keyset-file\":\"1\" | version as a number",
                "\"sluice-keyset-file\":1, | `` | begin with its version",
                "\"encryption\":\"none\" | \"encryption\":\"rot13\" | encryption \"none\" or",
                "\"encryption\":\"none\" | \"encryption\":\"aws-kms\" | hold kms-key, pipeline and sealed",
                "\"encryption\":\"none\", | `` | state its encryption",
                "\"encryption\":\"none\", | \"encryption\":\"none\",\"comment\":1, | hold its keysets",
                "\"primaryKeyId\":1145324612 | \"primaryKeyId\":1145324612,\"note\":1 | line 5: a keyset file must hold only names",
                "\"keyId\":1145324612 | \"keyId\":1145324612,\"primaryKeyId\":7 | only names of Tink",
                "\"keyMaterialType\" | \"keyMaterialTyp\" | only names of Tink",
                "\"user-logins.hashed_ip\" | \"quarantine\" | contains a name twice",
                "\"quarantine\":{ | \"quarantine\":[], \"x\":{ | an object for each field",
                "\\n}} | \\n},\"more\":1} | end after its keysets",
                "\\n}} | \\n}}{} | end after its keysets",
                "\\n}} | `` | is not JSON",
                "\"primaryKeyId\":286331153 | \"primaryKeyId\":1431655765 | 'user-logins.masked_ip' has no enabled primary",
                "\"primaryKeyId\":286331153 | \"primaryKeyId\":1 | 'user-logins.masked_ip' is damaged, lacks its primary key",
                "\"primaryKeyId\":286331153, | `` | 'user-logins.masked_ip' is damaged, lacks its primary key",
                "\"keyId\":1145324612,\"outputPrefixType\":\"TINK\" | \"keyId\":1145324612,\"outputPrefixType\":\"RAW\" | 'quarantine' is damaged, lacks its primary key, or holds a key that is not AES256-GCM",
                "tink.HmacKey | tink.AesSivKey | 'user-logins.hashed_ip' is damaged, lacks its primary key, or holds a key that is not AES256-SIV or HMAC-SHA256",
                "tink.AesGcmKey | tink.ChaCha20Poly1305Key | 'quarantine' is damaged",
                "\"quarantine\" | \"user-logins.other\" | 'user-logins.other' is damaged",
                "\"user-logins.hashed_ip\" | \"quarantine2\",\"x\" | is not JSON",
                "\"status\":\"DISABLED\" | \"status\":\"UNHEARD\" | 'user-logins.masked_ip' is damaged",
                "858993459 | 286331153 | key id 286331153, which another key has too"
            })
    void refusesAFileThatIsNotAsItShouldBe(String found, String replacement, String expected) {
        String golden = GoldenKeys.json();
        String changed = golden.replace(unescape(found), unescape(replacement));
        assertThat(changed).isNotEqualTo(golden);
        Path file = GoldenKeys.write(folder, changed);

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll(file.toString(), expected)
                .satisfies(refusal -> assertNoKeyIn(stackTrace(refusal)))
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 32, 48, 63, 65})
    void refusesAesSivKeysOfAnotherSizeThan64Bytes(int keyBytes) {
        // The proto of Tink's AesSivKey: field 2, length, bytes.
        byte[] proto = new byte[2 + keyBytes];
        proto[0] = 0x12;
        proto[1] = (byte) keyBytes;
        String changed = GoldenKeys.json()
                .replaceFirst(
                        "\"value\":\"[^\"]*\"",
                        "\"value\":\"" + Base64.getEncoder().encodeToString(proto) + "\"");
        Path file = GoldenKeys.write(folder, changed);

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll("user-logins.masked_ip", "AES256-SIV", file.toString());
    }

    @ParameterizedTest
    @CsvSource({"EgQIAxAgGhA, 16, 32", "EgQIAxAQGiA, 32, 16", "EgQIBBAgGiA, 32, 32"})
    void refusesHmacKeysOfAnotherSizeTagOrHash(String protoHead, int keyBytes, int tagBytes) {
        byte[] head = Base64.getDecoder().decode(protoHead);
        assertThat(head[5]).isEqualTo((byte) tagBytes);
        byte[] proto = Arrays.copyOf(head, head.length + keyBytes);
        String changed = GoldenKeys.json()
                .replaceFirst(
                        "(HmacKey\",\"value\":)\"[^\"]*\"",
                        "$1\"" + Base64.getEncoder().encodeToString(proto) + "\"");
        assertThat(changed).isNotEqualTo(GoldenKeys.json());
        Path file = GoldenKeys.write(folder, changed);

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll("user-logins.hashed_ip", "HMAC-SHA256");
    }

    @Test
    void refusesA128BitKeyForTheQuarantine() {
        byte[] proto = new byte[18];
        proto[0] = 0x1a;
        proto[1] = 16;
        String changed = GoldenKeys.json()
                .replaceFirst(
                        "(AesGcmKey\",\"value\":)\"[^\"]*\"",
                        "$1\"" + Base64.getEncoder().encodeToString(proto) + "\"");
        Path file = GoldenKeys.write(folder, changed);

        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> KeysetFile.at(file).read())
                .withMessageContainingAll("quarantine", "AES256-GCM");
    }

    @Test
    void showsNoKey() {
        Keysets keysets = GoldenKeys.load(folder);

        List.<Object>of(
                        keysets,
                        keysets.list(),
                        keysets.sealer(),
                        keysets.keyedHash("user-logins.hashed_ip"),
                        keysets.deterministicCipher("user-logins.masked_ip"))
                .forEach(shown -> assertNoKeyIn(shown.toString()));
        assertThat(keyTexts()).hasSizeGreaterThan(10).anyMatch(GoldenKeys.json()::contains);
    }

    private static Map<String, byte[]> keysets(byte[] file) {
        return ((KeysetContent) KeysetJson.read(file, "the file")).keysets();
    }

    private static List<KeyInfo> createOrNothing(Path file, Map<String, KeyKind> wanted) {
        try {
            return KeysetFile.at(file).create(wanted, true);
        } catch (KeysException busy) {
            assertThat(busy).hasMessageContaining("another process is writing");
            return List.of();
        }
    }

    private static void assertNoKeyIn(String text) {
        assertThat(keyTexts()).noneMatch(text::contains);
    }

    /** Pieces of the golden keys, which are runs of rising bytes, as base64, hex and decimal lists. */
    private static List<String> keyTexts() {
        List<String> texts = new ArrayList<>();
        Matcher value = Pattern.compile("\"value\":\"([^\"]{24})").matcher(GoldenKeys.json());
        while (value.find()) {
            texts.add(value.group(1).substring(8));
        }
        texts.addAll(List.of("0c0d0e0f", "4c4d4e4f", "8c8d8e8f", "acadaeaf", "12, 13, 14, 15", "0C0D0E0F"));
        return texts;
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n");
    }

    @Test
    void holdsTheKeysOfThousandsOfTenants() throws IOException {
        KeysetFile file = KeysetFile.at(folder.resolve("many.json"));
        Map<String, KeyKind> wanted = new LinkedHashMap<>();
        for (int tenant = 0; tenant < 2_000; tenant++) {
            wanted.put(KeysetName.of("logins.ip", "tenant " + tenant), KeyKind.DETERMINISTIC_AEAD);
            wanted.put(KeysetName.of(Keysets.QUARANTINE, "tenant " + tenant), KeyKind.SEALING);
        }

        file.create(wanted, true);

        assertThat(Files.size(file.path())).isGreaterThan(1 << 20);
        assertThat(file.read().tenants()).hasSize(2_000);
        assertThat(file.destroyTenant("tenant 7"))
                .extracting(KeyInfo::keyset)
                .containsExactly("logins.ip@tenant 7", "quarantine@tenant 7");
        assertThat(file.destroyTenant("tenant 7")).isEmpty();
        assertThat(file.read().tenants()).hasSize(1_999).doesNotContain("tenant 7");
        assertThat(file.read().wasDestroyed("tenant 7")).isTrue();
        assertThat(file.read().wasDestroyed("tenant 9999")).isFalse();
    }

    @Test
    void isNeverWrittenLargerThanItCanBeRead() throws IOException {
        Path path = Files.writeString(folder.resolve("large.json"), "before");
        try (PrivateFile writer = PrivateFile.replace(path)) {
            assertThatExceptionOfType(KeysException.class)
                    .isThrownBy(() -> writer.commit(new byte[KeysetFile.MAX_BYTES + 1]))
                    .withMessageContaining("may have 64");
        }

        assertThat(path).hasContent("before");
        assertThat(folder.resolve("large.json.new")).doesNotExist();
    }

    private static KeyInfo key(String field, KeyKind kind, int id, boolean primary) {
        return new KeyInfo(field, kind, id, KeyInfo.Status.ENABLED, primary);
    }

    private static Tuple created(String field, KeyKind kind) {
        return Tuple.tuple(field, kind, KeyInfo.Status.ENABLED, true);
    }
}
