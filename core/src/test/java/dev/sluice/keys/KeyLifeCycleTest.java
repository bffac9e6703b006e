package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.keys.KeyInfo.Status;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLifeCycleTest {

    private static final String IP = "user-logins.masked_ip";
    private static final String HASH = "user-logins.hashed_ip";
    private static final int PRIMARY = 0x11111111;
    private static final int DISABLED = 0x55555555;

    @TempDir
    private Path folder;

    private Path path = Path.of("");
    private KeysetFile file = KeysetFile.at(path);

    @BeforeEach
    void write() {
        path = GoldenKeys.write(folder, GoldenKeys.json());
        file = KeysetFile.at(path);
    }

    @Test
    void makesNothingWithAnAddedKeyButReadsWhatOthersMade() {
        String before = token();

        KeyInfo added = file.add(IP, false);

        assertThat(added).isEqualTo(key(added.id(), Status.ENABLED, false));
        assertThat(token()).isEqualTo(before);
        assertThat(ip().candidates("192.0.2.1")).hasSize(2).element(1).matches(candidate -> madeBy(candidate, added));
    }

    @Test
    void makesNewTokensWithThePromotedKeyAndStillReadsTheOldOnes() {
        String before = token();
        KeyInfo added = file.add(IP, false);

        KeyInfo promoted = file.promote(added.id(), false);

        assertThat(promoted).isEqualTo(key(added.id(), Status.ENABLED, true));
        assertThat(status(PRIMARY)).isEqualTo(key(PRIMARY, Status.ENABLED, false));
        assertThat(token()).isNotEqualTo(before).matches(token -> madeBy(token, added));
        assertThat(ip().recover(before)).isEqualTo(new Recovered.Clear("192.0.2.1"));
        assertThat(ip().candidates("192.0.2.1")).containsExactly(token(), before);
    }

    @Test
    void refusesTokensOfADisabledKeyUntilItIsEnabled() {
        String before = token();
        file.promote(file.add(IP, false).id(), false);

        assertThat(file.disable(PRIMARY)).isEqualTo(key(PRIMARY, Status.DISABLED, false));
        assertThat(ip().recover(before)).isEqualTo(new Recovered.Refused(Refusal.KEY_NOT_ENABLED));
        assertThat(ip().candidates("192.0.2.1")).doesNotContain(before);

        assertThat(file.enable(PRIMARY)).isEqualTo(key(PRIMARY, Status.ENABLED, false));
        assertThat(ip().recover(before)).isEqualTo(new Recovered.Clear("192.0.2.1"));
    }

    @Test
    void remembersADestroyedKeyAndDropsItsBytes() throws IOException {
        String before = token();
        file.promote(file.add(IP, false).id(), false);
        file.disable(PRIMARY);
        // From the golden keyset: the first key of the field.
        assertThat(Files.readString(path)).contains("EkAAAQIDBAUGBwgJCgsMDQ4P");

        assertThat(file.destroy(PRIMARY)).isEqualTo(key(PRIMARY, Status.DESTROYED, false));

        assertThat(Files.readString(path)).doesNotContain("AQIDBAUGBwgJCgsMDQ4P");
        assertThat(ip().recover(before)).isEqualTo(new Recovered.Refused(Refusal.KEY_NOT_ENABLED));
        assertThat(file.read().list()).contains(key(PRIMARY, Status.DESTROYED, false));
        assertThat(file.destroy(PRIMARY).status()).isEqualTo(Status.DESTROYED);
    }

    @Test
    void keepsDestroyedKeysThroughLaterChanges() {
        file.destroy(DISABLED);

        file.add(IP, false);
        file.add("quarantine", false);

        assertThat(status(DISABLED)).isEqualTo(key(DISABLED, Status.DESTROYED, false));
    }

    @Test
    void refusesAFileInWhichADestroyedKeyLivesOn() throws IOException {
        file.destroy(DISABLED);
        String changed = Files.readString(path).replace("\"keyId\":" + DISABLED, "\"keyId\":" + PRIMARY);
        Files.writeString(path, changed);

        refused(() -> file.read(), "which another key has too");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"keyId\":1431655765,\"use\" | \"keyId\":0,\"use\"",
                "\"keyId\":1431655765,\"use\" | \"keyId\":4294967296,\"use\"",
                "\"keyId\":1431655765,\"use\" | \"keyId\":\"1431655765\",\"use\"",
                "\"use\":\"deterministic-aead\" | \"use\":\"any\"",
                "\"use\":\"deterministic-aead\", | `` ",
                "\"field\":\"user-logins.masked_ip\"} | \"field\":1}",
                "\"field\":\"user-logins.masked_ip\"} | \"field\":\"user-logins.masked_ip\",\"more\":1}"
            })
    void refusesAListOfDestroyedKeysThatIsNotAsItShouldBe(String found, String replacement) throws IOException {
        file.destroy(DISABLED);
        String written = Files.readString(path);
        String changed = written.replace(found, replacement);
        assertThat(changed).isNotEqualTo(written);
        Files.writeString(path, changed);

        refused(() -> file.read(), "hold keyId, use and field of each destroyed key");
    }

    @Test
    void leavesTheOtherKeysetsByteForByte() throws IOException {
        Map<String, byte[]> before = new HashMap<>(keysets());

        KeyInfo added = file.add(IP, false);
        file.promote(added.id(), false);
        file.disable(PRIMARY);
        file.destroy(PRIMARY);

        Map<String, byte[]> after = keysets();
        assertThat(after).hasSameSizeAs(before);
        before.remove(IP);
        before.forEach((field, json) -> assertThat(after.get(field)).isEqualTo(json));
    }

    @Test
    void neverTouchesThePrimaryKey() {
        refused(() -> file.disable(PRIMARY), "is the primary key", "keys promote");
        refused(() -> file.destroy(PRIMARY), "is the primary key", "keys disable");
    }

    @Test
    void promotesAndDestroysInOrderOnly() {
        refused(() -> file.promote(DISABLED, false), "55555555", "disabled", "keys enable");
        file.enable(DISABLED);
        refused(() -> file.destroy(DISABLED), "enabled", "keys disable");
        file.disable(DISABLED);
        file.destroy(DISABLED);
        refused(() -> file.enable(DISABLED), "destroyed", "cannot be restored");
        refused(() -> file.disable(DISABLED), "destroyed", "cannot be restored");
        refused(() -> file.promote(DISABLED, false), "destroyed");
    }

    @Test
    void refusesKeysAndFieldsThatAreNotThere() throws IOException {
        refused(() -> file.promote(0x12345678, false), "no key 12345678", "keys list");
        refused(() -> file.add("user-logins.other", false), "no keyset 'user-logins.other'", IP);
        assertThat(Files.readString(path)).isEqualTo(GoldenKeys.json());
    }

    @Test
    void asksForAnEpochWhereEqualValuesStopBeingEqual() {
        refused(() -> file.add(HASH, false), "--epoch", "never join");
        KeyInfo added = file.add(HASH, true);
        refused(() -> file.promote(added.id(), false), "--epoch");

        assertThat(file.promote(added.id(), true).primary()).isTrue();
        Mask hash = mask(MaskKind.KEYED_HASH, "hashed_ip");
        assertThat(hash.candidates("192.0.2.1")).hasSize(2).first().matches(hashed -> madeBy(hashed, added));
    }

    @Test
    void saysOfTheIdempotencyKeyWhatAnEpochCosts() {
        Path other = folder.resolve("idempotency.json");
        KeysetFile.at(other).create(Map.of(Keysets.IDEMPOTENCY, KeyKind.KEYED_HASH), true);

        refused(() -> KeysetFile.at(other).add(Keysets.IDEMPOTENCY, false), "not recognised", "--epoch");
        assertThat(KeysetFile.at(other).add(Keysets.IDEMPOTENCY, true).primary())
                .isFalse();
    }

    @Test
    void leavesTheFileAloneWhileAnotherWriterIsAtWork() throws IOException {
        Files.createFile(folder.resolve("keys.json.new"));

        refused(() -> file.add(IP, false), "another process is writing");
        assertThat(path).hasContent(GoldenKeys.json());
    }

    @ParameterizedTest
    @CsvSource({"1a2b3c4d, 1a2b3c4d", "FEDCBA98, fedcba98", "12345678, 12345678", "4294967295, ffffffff", "7, 00000007"
    })
    void readsAnIdAsPeopleGiveIt(String text, String hex) {
        OptionalInt id = KeyInfo.parseId(text);

        assertThat(KeyInfo.hexId(id.orElseThrow())).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "4294967296", "-1", "1a2b3c4", "0x1a2b3c4d", "1a2b3c4d5", "99999999999"})
    void readsNoIdFromAnythingElse(String text) {
        assertThat(KeyInfo.parseId(text)).isEmpty();
    }

    private Map<String, byte[]> keysets() throws IOException {
        byte[] bytes = Files.readString(path).getBytes(StandardCharsets.UTF_8);
        return ((KeysetContent) KeysetJson.read(bytes, "the file")).keysets();
    }

    private ReversibleMask ip() {
        return (ReversibleMask) mask(MaskKind.DETERMINISTIC_AEAD, "masked_ip");
    }

    private Mask mask(MaskKind kind, String column) {
        return Masks.of(new MaskSpec(kind, CanonicalForm.IP, false, null), "user-logins", column, file.read());
    }

    private String token() {
        return Objects.requireNonNull(ip().mask("192.0.2.1"));
    }

    private KeyInfo status(int keyId) {
        return file.read().find(keyId).orElseThrow();
    }

    private static boolean madeBy(String token, KeyInfo key) {
        return Tokens.keyId(token).orElseThrow() == key.id();
    }

    private static KeyInfo key(int id, Status status, boolean primary) {
        return new KeyInfo(IP, KeyKind.DETERMINISTIC_AEAD, id, status, primary);
    }

    private static void refused(Supplier<Object> change, String... words) {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(change::get)
                .withMessageContainingAll(words)
                .withNoCause();
    }
}
