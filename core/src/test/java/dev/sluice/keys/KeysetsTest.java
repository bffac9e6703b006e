package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetsTest {

    private static final byte[] CLEAR = "before {\"ip\":\"1.2.3.4\"} after".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private Keysets keysets = new Keysets(new Keysets.Origin("none", null), Map.of(), List.of(), null);

    @BeforeEach
    void load() {
        keysets = GoldenKeys.load(folder);
    }

    @Test
    void namesTheFieldAndTheRemedyWhenAKeysetIsMissing() {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> keysets.deterministicCipher("user-logins.other"))
                .withMessageContainingAll("user-logins.other", "sluice keys create", folder.toString());
    }

    @Test
    void tellsKeysThatHaveOtherBytesUnderTheirIds() {
        Map<String, KeyKind> wanted = Map.of("p.a", KeyKind.DETERMINISTIC_AEAD);
        Keysets first = Keysets.ephemeral(wanted);

        assertThat(first.contradictedBy(first)).isEmpty();
        assertThat(first.contradictedBy(Keysets.ephemeral(wanted))).isEqualTo(first.list());
        assertThat(first.contradictedBy(Keysets.ephemeral(Map.of("p.b", KeyKind.DETERMINISTIC_AEAD))))
                .as("another field")
                .isEqualTo(first.list());
        assertThat(first.contradictedBy(Keysets.ephemeral(Map.of("p.a", KeyKind.KEYED_HASH))))
                .as("another kind")
                .isEqualTo(first.list());
    }

    @Test
    void tellsADestroyedKeyThatIsBack() {
        KeysetContent content = new KeysetContent();
        Keysets.Origin origin = new Keysets.Origin("a file", null);
        KeyLifeCycle cycle = new KeyLifeCycle(content, origin);
        int first = cycle.create("p.a", KeyKind.DETERMINISTIC_AEAD).id();
        int second = cycle.add("p.a", false).id();
        Keysets before = content.load(origin);
        cycle.promote(second, false);
        cycle.disable(first);
        cycle.destroy(first);
        Keysets after = content.load(origin);

        assertThat(before.contradictedBy(after))
                .as("status and primary key change")
                .isEmpty();
        assertThat(after.contradictedBy(before)).extracting(KeyInfo::id).containsExactly(first);
    }

    @Test
    void refusesAKeysetForAnotherPurpose() {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> keysets.deterministicCipher("user-logins.hashed_ip"))
                .withMessageContainingAll("user-logins.hashed_ip", "keyed-hash", "deterministic-aead");
        assertThatExceptionOfType(KeysException.class).isThrownBy(() -> keysets.keyedHash("user-logins.masked_ip"));
        assertThatExceptionOfType(KeysException.class).isThrownBy(() -> keysets.keyedHash(Keysets.QUARANTINE));
    }

    @Test
    void givesNoSealerWithoutItsKeyset() {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(
                        () -> new Keysets(new Keysets.Origin("the file x", null), Map.of(), List.of(), null).sealer())
                .withMessageContainingAll("the file x", "quarantine", "sluice keys create");
    }

    @Test
    void opensWhatItSealed() {
        Sealer sealer = keysets.sealer();

        byte[] sealed = sealer.seal(CLEAR, 7, 16, "user-logins|m-1");

        assertThat(sealer.unseal(sealed, "user-logins|m-1")).isEqualTo(Arrays.copyOfRange(CLEAR, 7, 23));
        assertThat(sealed).startsWith(1, 0x44, 0x44, 0x44, 0x44).hasSize(5 + 12 + 16 + 16);
        assertThat(CLEAR).startsWith("before {\"ip\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sealsTheSameBytesDifferentlyEachTime() {
        Sealer sealer = keysets.sealer();

        assertThat(sealer.seal(CLEAR, 0, 5, "x")).isNotEqualTo(sealer.seal(CLEAR, 0, 5, "x"));
    }

    @Test
    void refusesSealedBytesThatWereChangedMovedOrCut() {
        Sealer sealer = keysets.sealer();
        byte[] sealed = sealer.seal(CLEAR, 0, CLEAR.length, "m-1");

        assertRefused(sealer, sealed, "m-2");
        assertRefused(sealer, Arrays.copyOf(sealed, sealed.length - 1), "m-1");
        assertRefused(sealer, new byte[0], "m-1");
        for (int index = 0; index < sealed.length; index++) {
            byte[] changed = sealed.clone();
            changed[index] ^= 1;
            assertRefused(sealer, changed, "m-1");
        }
    }

    @Test
    void throwsAwayKeysThatMaskAndSealLikeRealOnes() {
        Map<String, KeyKind> wanted = Map.of("p.a", KeyKind.DETERMINISTIC_AEAD, "p.b", KeyKind.KEYED_HASH);

        Keysets ephemeral = Keysets.ephemeral(wanted);

        assertThat(ephemeral.list()).extracting(KeyInfo::field).containsExactlyInAnyOrder("p.a", "p.b", "quarantine");
        assertThat(ephemeral.deterministicCipher("p.a").encrypt(CLEAR, CLEAR))
                .hasSameSizeAs(
                        keysets.deterministicCipher("user-logins.masked_ip").encrypt(CLEAR, CLEAR))
                .isNotEqualTo(
                        Keysets.ephemeral(wanted).deterministicCipher("p.a").encrypt(CLEAR, CLEAR));
        assertThat(ephemeral.sealer().unseal(ephemeral.sealer().seal(CLEAR, 0, CLEAR.length, "x"), "x"))
                .isEqualTo(CLEAR);
    }

    private static void assertRefused(Sealer sealer, byte[] sealed, String associatedData) {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> sealer.unseal(sealed, associatedData))
                .withNoCause();
    }
}
