package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.keys.GoldenKeys;
import dev.sluice.keys.Keysets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind makes of every form, beyond the golden tokens. */
class MaskFormsTest {

    private static final Set<EmailFold> NO_FOLD = Set.of();

    @TempDir
    private Path folder;

    private Keysets keysets;

    @BeforeEach
    void load() {
        keysets = GoldenKeys.load(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "EMAIL, Ann@EXAMPLE.com, Ann@example.com, 71",
        "PHONE, +49 30 123456, +4930123456, 50",
        "PHONE, +1 202 555 0123, +12025550123, 50",
        "MAC, 0000.5e00.53af, 00:00:5e:00:53:af, 50",
        "MAC, 02005e1000000001, 02:00:5e:10:00:00:00:01, 50",
        "CARD, 5018-0000-0009, 501800000009, 50",
        "CARD, 6304 0000 0000 0000 000, 6304000000000000000, 50"
    })
    void recoversTheCanonicalTextFromATokenWhoseLengthDoesNotDependOnIt(
            CanonicalForm form, String clear, String canonical, int length) {
        ReversibleMask mask = aead(form);
        String token = token(mask, clear);

        assertThat(token).hasSize(length).isEqualTo(mask.mask(canonical));
        assertThat(mask.recover(token)).isEqualTo(new Recovered.Clear(canonical));
        assertThat(mask.candidates(clear)).containsExactly(token);
        assertThat(Masks.maxLength(spec(MaskKind.DETERMINISTIC_AEAD, form), canonical.length()))
                .isEqualTo(length);
    }

    @ParameterizedTest
    @MethodSource("pairsOfForms")
    void refusesATokenOfAnotherForm(CanonicalForm made, CanonicalForm read) {
        String clear = made == CanonicalForm.PHONE ? "+4930123456" : "4111111111111111";

        assertThat(aead(read).recover(token(aead(made), clear)))
                .isEqualTo(new Recovered.Refused(Recovered.Refusal.NOT_AUTHENTIC));
    }

    static Stream<Object[]> pairsOfForms() {
        return Stream.of(CanonicalForm.CARD, CanonicalForm.PHONE, CanonicalForm.TEXT)
                .flatMap(made -> Arrays.stream(CanonicalForm.values())
                        .filter(read -> read != made)
                        .map(read -> new Object[] {made, read}));
    }

    @ParameterizedTest
    @CsvSource({
        "EMAIL, Ann@EXAMPLE.com, Ann@example.com",
        "PHONE, +49 30 123456, +4930123456",
        "MAC, 00005E0053AF, 00:00:5e:00:53:af",
        "CARD, 4111-1111-1111-1111, 4111111111111111"
    })
    void hashesTheCanonicalText(CanonicalForm form, String clear, String canonical) {
        Mask asForm = mask(new MaskSpec(MaskKind.SHA256, form, true, null));
        Mask asText = mask(new MaskSpec(MaskKind.SHA256, CanonicalForm.TEXT, true, null));

        assertThat(asForm.mask(clear)).isEqualTo(asText.mask(canonical)).isNotEqualTo(asText.mask(clear));
        assertThat(asForm.mask("not canonical")).isNull();
    }

    @Test
    void givesOneTokenToWhatTheFoldsMerge() {
        ReversibleMask folding = email(EnumSet.allOf(EmailFold.class));
        ReversibleMask strict = email(NO_FOLD);
        String token = token(folding, "A.Nn+news@Example.com");

        assertThat(token).isEqualTo(folding.mask("ann@example.com")).isEqualTo(strict.mask("ann@example.com"));
        assertThat(strict.mask("A.Nn+news@example.com")).isNotEqualTo(token);
        assertThat(folding.recover(token)).isEqualTo(new Recovered.Clear("ann@example.com"));
    }

    /** A fold that is added later must not make old tokens unreadable. */
    @Test
    void recoversWhatWasMaskedUnderOtherFoldsOrAnotherRegion() {
        String strict = token(email(NO_FOLD), "Ann+news@example.com");
        String national = token(phone("DE"), "030 123456");

        assertThat(email(EnumSet.allOf(EmailFold.class)).recover(strict))
                .isEqualTo(new Recovered.Clear("Ann+news@example.com"));
        assertThat(phone(null).recover(national)).isEqualTo(new Recovered.Clear("+4930123456"));
    }

    @Test
    void readsNationalNumbersOfItsRegionOnly() {
        assertThat(phone("DE").mask("030 123456")).isEqualTo(phone(null).mask("+49 30 123456"));
        assertThat(phone("DE").mask("+1 202 555 0123")).isEqualTo(phone("US").mask("(202) 555-0123"));
        assertThat(phone(null).mask("030 123456")).isNull();
    }

    /** The widest token is that of the longest address. */
    @Test
    void needsNoMoreThan370CharactersForAnyEmailAddress() {
        MaskSpec spec = spec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.EMAIL);
        String longest = "a".repeat(64) + "@" + ("b".repeat(61) + ".").repeat(3) + "com";

        assertThat(token(aead(CanonicalForm.EMAIL), longest)).hasSize(370);
        assertThat(Masks.maxLength(spec, Integer.MAX_VALUE)).isEqualTo(370);
        assertThat(Masks.minLength(spec, 1 << 20)).isZero();
        assertThat(Masks.minLength(spec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.TEXT), 300))
                .isEqualTo(540);
    }

    @Nested
    class Partial {

        @ParameterizedTest
        @CsvSource({
            "TEXT, 593-47-5928, ****5928",
            "TEXT, 1234567890, ****7890",
            "TEXT, 123456789, ****",
            "TEXT, 5928, ****",
            "TEXT, '', ****",
            "TEXT, ab😀defgh😀j😀, ****h😀j😀",
            "PHONE, +49 30 123456, ****3456",
            "CARD, 4111-1111-1111-1111, ****1111",
            "CARD, 501800000009, ****0009"
        })
        void keepsTheLastFourOfTenOrMore(CanonicalForm form, String clear, String kept) {
            MaskSpec spec = keeping(form, Keep.LAST_4);

            assertThat(mask(spec).mask(clear)).isEqualTo(kept);
            assertThat((long) kept.codePointCount(0, kept.length())).isLessThanOrEqualTo(Masks.maxLength(spec, 0));
        }

        @Test
        void neverKeepsMoreThanFourTenthsOfAText() {
            Mask mask = mask(keeping(CanonicalForm.TEXT, Keep.LAST_4));

            for (int length = 0; length < 40; length++) {
                String masked = mask.mask("x".repeat(length));
                int kept = masked == null ? length : masked.length() - "****".length();
                assertThat(10 * kept).as("of %d", length).isLessThanOrEqualTo(4 * length);
            }
        }

        @ParameterizedTest
        @CsvSource({"Ann.Lee@EXAMPLE.com, *@example.com", "a@Bücher.example, *@xn--bcher-kva.example"})
        void keepsTheDomainOfAnEmailAddress(String clear, String kept) {
            assertThat(mask(keeping(CanonicalForm.EMAIL, Keep.DOMAIN)).mask(clear))
                    .isEqualTo(kept);
        }

        @Test
        void answersNullForWhatDoesNotHaveTheForm() {
            assertThat(mask(keeping(CanonicalForm.EMAIL, Keep.DOMAIN)).mask("ann"))
                    .isNull();
            assertThat(mask(keeping(CanonicalForm.CARD, Keep.LAST_4)).mask("4111111111111112"))
                    .isNull();
            assertThat(mask(keeping(CanonicalForm.TEXT, Keep.LAST_4)).mask("lone surrogate \ud83d"))
                    .isNull();
        }

        @Test
        void cannotBeRecovered() {
            assertThat(mask(keeping(CanonicalForm.TEXT, Keep.LAST_4))).isNotInstanceOf(ReversibleMask.class);
        }

        @ParameterizedTest
        @CsvSource({"IP, LAST_4", "MAC, LAST_4", "EMAIL, LAST_4", "TEXT, DOMAIN", "IP, DOMAIN", "CARD, "})
        void refusesWhatCannotBeKept(CanonicalForm form, @Nullable Keep keep) {
            assertThatIllegalArgumentException().isThrownBy(() -> mask(keeping(form, keep)));
        }

        private static MaskSpec keeping(CanonicalForm form, @Nullable Keep keep) {
            return new MaskSpec(MaskKind.PARTIAL, form, false, null, NO_FOLD, null, keep);
        }
    }

    private static MaskSpec spec(MaskKind kind, CanonicalForm form) {
        return new MaskSpec(kind, form, false, null);
    }

    private ReversibleMask aead(CanonicalForm form) {
        return (ReversibleMask) mask(spec(MaskKind.DETERMINISTIC_AEAD, form));
    }

    private ReversibleMask email(Set<EmailFold> fold) {
        return (ReversibleMask)
                mask(new MaskSpec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.EMAIL, false, null, fold, null, null));
    }

    private ReversibleMask phone(@Nullable String region) {
        return (ReversibleMask) mask(
                new MaskSpec(MaskKind.DETERMINISTIC_AEAD, CanonicalForm.PHONE, false, null, NO_FOLD, region, null));
    }

    private Mask mask(MaskSpec spec) {
        return Masks.of(spec, "user-logins", "masked_ip", keysets);
    }

    private static String token(Mask mask, String clear) {
        String token = mask.mask(clear);
        if (token == null) {
            throw new AssertionError("a token was expected");
        }
        return token;
    }
}
