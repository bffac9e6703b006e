package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.keys.GoldenKeys;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {

    private static final String PIPELINE = "user-logins";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("goldenTokens")
    void givesTheGoldenToken(String column, String kind, String form, String clear, String token) {
        MaskKind maskKind = MaskKind.valueOf(kind.toUpperCase(Locale.ROOT).replace('-', '_'));
        CanonicalForm canonicalForm = CanonicalForm.valueOf(form.toUpperCase(Locale.ROOT));

        Mask mask = mask(spec(maskKind, canonicalForm), column);

        assertThat(mask.mask(clear)).isEqualTo(token);
    }

    static List<Object[]> goldenTokens() {
        return Vectors.rows("golden-tokens.csv").stream()
                .map(cells -> (Object[]) cells)
                .toList();
    }

    @Test
    void hashesAsThePublicSolutionsDid() {
        Mask mask = mask(new MaskSpec(MaskKind.SHA256, CanonicalForm.TEXT, true, null), "any");
        Map<String, String[]> expected = Vectors.rows("expected-sha256.csv").stream()
                .collect(Collectors.toMap(cells -> cells[0], cells -> cells));
        List<String[]> inputs = Vectors.rows("sha256-inputs.csv");

        assertThat(inputs).hasSize(10);
        for (String[] input : inputs) {
            String[] row = expected.getOrDefault(input[0], new String[0]);
            assertThat(mask.mask(input[1])).isEqualTo(row[2]);
            assertThat(mask.mask(input[2])).isEqualTo(row[3]);
        }
    }

    @Test
    void hashesTheCanonicalAddressUnderAsIp() {
        Mask asIp = mask(new MaskSpec(MaskKind.SHA256, CanonicalForm.IP, true, null), "any");
        Mask asText = mask(new MaskSpec(MaskKind.SHA256, CanonicalForm.TEXT, true, null), "any");

        assertThat(asIp.mask("2001:DB8:0::1")).isEqualTo(asText.mask("2001:db8::1"));
        assertThat(asIp.mask("::ffff:1.2.3.4")).isEqualTo(asText.mask("1.2.3.4"));
        assertThat(asText.mask("2001:DB8:0::1")).isNotEqualTo(asText.mask("2001:db8::1"));
    }

    @Test
    void refusesPlainSha256UnlessItsWeaknessIsAccepted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mask(new MaskSpec(MaskKind.SHA256, CanonicalForm.TEXT, false, null), "any"))
                .withMessageContaining("accept-reversible");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.77, 203.0.113.0/24",
        "0.0.0.1, 0.0.0.0/24",
        "::ffff:203.0.113.77, 203.0.113.0/24",
        "2001:DB8:1:2:3:4:5:6, 2001:db8:1::/48",
        "::1, ::/48",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8:ffff::/48",
        "2001:0:1::5, 2001:0:1::/48"
    })
    void generalizesAnAddressToItsNetwork(String clear, String network) {
        Mask mask = mask(spec(MaskKind.GENERALIZE, CanonicalForm.IP), "any");

        assertThat(mask.mask(clear)).isEqualTo(network).hasSizeLessThanOrEqualTo(IpAddress.MAX_NETWORK_TEXT);
    }

    @Test
    void generalizesAddressesOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mask(spec(MaskKind.GENERALIZE, CanonicalForm.TEXT), "any"))
                .withMessageContaining("as: ip");
    }

    @Test
    void redactsToTheConstant() {
        Mask mask = mask(new MaskSpec(MaskKind.REDACT, CanonicalForm.TEXT, false, "***"), "any");

        assertThat(mask.mask("593-47-5928")).isEqualTo("***").isEqualTo(mask.mask(""));
        assertThatIllegalArgumentException().isThrownBy(() -> mask(spec(MaskKind.REDACT, CanonicalForm.TEXT), "any"));
    }

    @ParameterizedTest
    @EnumSource(
            value = MaskKind.class,
            names = {"DETERMINISTIC_AEAD", "KEYED_HASH", "GENERALIZE", "SHA256"})
    void answersNullForWhatIsNoAddressUnderAsIp(MaskKind kind) {
        String column = kind == MaskKind.KEYED_HASH ? "hashed_ip" : "masked_ip";
        Mask mask = mask(new MaskSpec(kind, CanonicalForm.IP, true, null), column);

        assertThat(mask.mask("127.1")).isNull();
        assertThat(mask.mask("")).isNull();
        assertThat(mask.mask("127.0.0.1")).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = MaskKind.class,
            names = {"DETERMINISTIC_AEAD", "KEYED_HASH", "SHA256"})
    void answersNullForTextThatUtf8CannotHold(MaskKind kind) {
        String column = kind == MaskKind.KEYED_HASH ? "hashed_ip" : "masked_ip";
        Mask mask = mask(new MaskSpec(kind, CanonicalForm.TEXT, true, null), column);

        assertThat(mask.mask("lone \ud83d")).isNull();
        assertThat(mask.mask("whole \ud83d\ude00")).isNotNull();
    }

    @Test
    void separatesTheFormsOfAKeyedHash() {
        Mask asIp = mask(spec(MaskKind.KEYED_HASH, CanonicalForm.IP), "hashed_ip");
        Mask asText = mask(spec(MaskKind.KEYED_HASH, CanonicalForm.TEXT), "hashed_ip");

        assertThat(asIp.mask("1.2.3.4"))
                .isEqualTo(asIp.mask("::ffff:102:304"))
                .isNotEqualTo(asText.mask("1.2.3.4"))
                .hasSize(50);
    }

    @ParameterizedTest
    @EnumSource(
            value = MaskKind.class,
            names = {"DETERMINISTIC_AEAD", "KEYED_HASH"})
    void refusesAKeyedMaskWithoutItsKeyset(MaskKind kind) {
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> mask(spec(kind, CanonicalForm.TEXT), "other"))
                .withMessageContainingAll("user-logins.other", "sluice keys create");
    }

    @ParameterizedTest
    @EnumSource(MaskKind.class)
    void asksForAKeyExactlyWhenTheKindIsKeyed(MaskKind kind) {
        @Nullable KeyKind keyKind = Masks.keyKind(kind);

        assertThat(keyKind != null).isEqualTo(kind.keyed());
        assertThat(keyKind == null ? kind.label() : keyKind.label()).isEqualTo(kind.label());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b"})
    void refusesAPipelineWhoseNameWouldBlurTheField(String pipeline) {
        assertThatIllegalArgumentException().isThrownBy(() -> Masks.field(pipeline, "column"));
        assertThat(Masks.field("user-logins", "masked_ip")).isEqualTo("user-logins.masked_ip");
    }

    @ParameterizedTest
    @CsvSource({
        "DETERMINISTIC_AEAD, IP, 0, 50", "DETERMINISTIC_AEAD, IP, 45, 50", "DETERMINISTIC_AEAD, TEXT, 0, 71",
        "DETERMINISTIC_AEAD, TEXT, 31, 71", "DETERMINISTIC_AEAD, TEXT, 32, 114", "DETERMINISTIC_AEAD, TEXT, 127, 199",
        "DETERMINISTIC_AEAD, TEXT, 128, 370", "DETERMINISTIC_AEAD, TEXT, 2147483647, 2863311559",
                "KEYED_HASH, TEXT, 9, 50",
        "GENERALIZE, IP, 0, 19", "SHA256, TEXT, 300, 64", "REDACT, TEXT, 0, 2"
    })
    void tellsHowWideAColumnMustBe(MaskKind kind, CanonicalForm form, int clearBytes, long characters) {
        MaskSpec spec = new MaskSpec(kind, form, true, "x\ud83d\ude00");

        assertThat(Masks.maxLength(spec, clearBytes)).isEqualTo(characters);
    }

    @Test
    void givesCandidatesUnderEveryEnabledKeyThePrimaryFirst() {
        MaskSpec ip = spec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.IP);
        ReversibleMask mask = (ReversibleMask) Masks.of(ip, PIPELINE, "masked_ip", GoldenKeys.loadAllEnabled(folder));

        List<String> candidates = mask.candidates("::ffff:199.172.111.135");

        assertThat(candidates).hasSize(2).allSatisfy(token -> assertThat(mask.recover(token))
                .isEqualTo(new Recovered.Clear("199.172.111.135")));
        assertThat(candidates.get(0)).isEqualTo(mask.mask("199.172.111.135"));
        assertThat(Tokens.keyId(candidates.get(1))).hasValue(0x55555555);
        assertThat(mask.candidates("no address")).isEmpty();
    }

    @Test
    void givesNoCandidateUnderADisabledKey() {
        Mask mask = mask(spec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.IP), "masked_ip");

        assertThat(mask.candidates("199.172.111.135")).containsExactly(mask.mask("199.172.111.135"));
    }

    @Test
    void givesTheOneCandidateOfAMaskWithOneKeyOrNone() {
        Mask hash = mask(spec(MaskKind.KEYED_HASH, CanonicalForm.IP), "hashed_ip");
        Mask network = mask(spec(MaskKind.GENERALIZE, CanonicalForm.IP), "any");

        assertThat(hash.candidates("192.0.2.1")).containsExactly(hash.mask("192.0.2.1"));
        assertThat(network.candidates("192.0.2.1")).containsExactly("192.0.2.0/24");
        assertThat(hash.candidates("")).isEmpty();
        assertThat(network.candidates("")).isEmpty();
    }

    @Test
    void showsNoClearValueAndNoKey() {
        Mask mask = mask(spec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.IP), "masked_ip");

        assertThat(mask).hasToString("DeterministicAeadMask[user-logins.masked_ip]");
        assertThat(new Recovered.Clear("199.172.111.135").toString()).doesNotContain("199");
    }

    private Mask mask(MaskSpec spec, String column) {
        Keysets keysets = GoldenKeys.load(folder);
        return Masks.of(spec, PIPELINE, column, keysets);
    }

    private static MaskSpec spec(MaskKind kind, CanonicalForm form) {
        return new MaskSpec(kind, form, false, null);
    }
}
