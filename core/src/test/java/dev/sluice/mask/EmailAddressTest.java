package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    private static final String NOISE = "aB1.+-@_'ü é\u0301\u200d\"<>()[];:, xn--\u3002\u0130ß";
    private static final long SEED = 5322;

    @ParameterizedTest
    @CsvSource({
        "ann@example.com, ann@example.com",
        "ann@EXAMPLE.Com, ann@example.com",
        "Ann.Lee+News@example.com, Ann.Lee+News@example.com",
        "o'neil_a/b=c!#$%&*?^`{|}~-@x.co, o'neil_a/b=c!#$%&*?^`{|}~-@x.co",
        "a@b-c.d-e.museum, a@b-c.d-e.museum",
        "ann@Bücher.example, ann@xn--bcher-kva.example",
        "ann@XN--BCHER-KVA.example, ann@xn--bcher-kva.example",
        "ann@bu\u0308cher.example, ann@xn--bcher-kva.example",
        "ann@例え\u3002テスト, ann@xn--r8jz45g.xn--zckzah",
        "jose\u0301@example.com, jos\u00e9@example.com",
        "अजय@example.com, अजय@example.com"
    })
    void bringsAnAddressToOneSpelling(String text, String canonical) {
        assertThat(EmailAddress.canonical(text, Set.of())).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "case, Ann.Lee+News@example.com, ann.lee+news@example.com",
        "case, ÉVA@example.com, éva@example.com",
        "plus-tag, Ann.Lee+News@example.com, Ann.Lee@example.com",
        "plus-tag, ann+a+b@example.com, ann@example.com",
        "plus-tag, +ann@example.com, +ann@example.com",
        "plus-tag, ann.+a@example.com, ann.+a@example.com",
        "plus-tag, ann+@example.com, ann@example.com",
        "dots, Ann.Lee+Ne.ws@ex.ample.com, AnnLee+News@ex.ample.com"
    })
    void foldsOnlyWhatItIsAskedTo(String fold, String text, String canonical) {
        EmailFold folded = EmailFold.valueOf(fold.toUpperCase(Locale.ROOT).replace('-', '_'));

        assertThat(EmailAddress.canonical(text, Set.of(folded))).isEqualTo(canonical);
    }

    @Test
    void foldsTheWholeLocalPartAtOnceAndNeverTheDomain() {
        assertThat(EmailAddress.canonical("A.n.N.+x.y@Mail.Example.com", EnumSet.allOf(EmailFold.class)))
                .isEqualTo("ann@mail.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ann",
                "ann@",
                "@example.com",
                "ann@localhost",
                "ann@example.com.",
                "ann@.example.com",
                "ann@example..com",
                "ann@-example.com",
                "ann@example-.com",
                "ann@exa_mple.com",
                "ann@example.123",
                "ann@192.0.2.1",
                "ann@[192.0.2.1]",
                "ann@example.com ",
                " ann@example.com",
                "ann @example.com",
                "ann@exam ple.com",
                "ann@example.com\n",
                ".ann@example.com",
                "ann.@example.com",
                "a..n@example.com",
                "\"ann lee\"@example.com",
                "Ann <ann@example.com>",
                "<ann@example.com>",
                "ann(home)@example.com",
                "mailto:ann@example.com",
                "ann@lee@example.com",
                "ann@example.com,bob@example.com",
                "ann@example.com;",
                "ann\\@example.com",
                "ann\u0000@example.com",
                "ann\u00a0@example.com",
                "ann\ud83d\ude00@example.com",
                "ann\ud83d@example.com",
                "ann@faß.example",
                "ann@a\u200db.example",
                "ann@ex\u0000ample.com",
                "ann@\u3002com",
                "ann@xn--\u00fc.com"
            })
    void refusesWhatIsNotAnAddressAlone(String text) {
        assertThat(EmailAddress.canonical(text, Set.of())).isNull();
        assertThat(EmailAddress.canonical(text, EnumSet.allOf(EmailFold.class))).isNull();
    }

    @Test
    void keepsTheLimitsOfSmtp() {
        String local = "a".repeat(64);
        String domain = ("b".repeat(63) + ".").repeat(2) + "c".repeat(58) + ".de";

        assertThat(EmailAddress.canonical(local + "@" + domain, Set.of())).hasSize(EmailAddress.MAX_BYTES);
        assertThat(EmailAddress.canonical(local + "@" + domain + "e", Set.of())).isNull();
        assertThat(EmailAddress.canonical(local + "a@example.com", Set.of())).isNull();
        assertThat(EmailAddress.canonical("é".repeat(33) + "@example.com", Set.of()))
                .isNull();
        assertThat(EmailAddress.canonical("a@" + "b".repeat(64) + ".com", Set.of()))
                .isNull();
        assertThat(EmailAddress.canonical("a".repeat(1 << 20) + "@example.com", Set.of()))
                .isNull();
    }

    /** A recovered address that is masked again must get its token back. */
    @Test
    void readsItsOwnResultAsItselfWhateverTheText() {
        Random random = new Random(SEED);
        int addresses = 0;
        for (int round = 0; round < 200_000; round++) {
            Set<EmailFold> fold = EnumSet.noneOf(EmailFold.class);
            EnumSet.allOf(EmailFold.class).stream()
                    .filter(each -> random.nextBoolean())
                    .forEach(fold::add);
            String canonical = EmailAddress.canonical(noise(random) + "@" + noise(random) + ".com", fold);
            if (canonical != null) {
                addresses++;
                assertThat(EmailAddress.canonical(canonical, fold)).isEqualTo(canonical);
                assertThat(EmailAddress.canonical(canonical, Set.of())).isEqualTo(canonical);
            }
        }
        assertThat(addresses).isGreaterThan(1_000);
    }

    private static String noise(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(1, 6); length > 0; length--) {
            text.append(NOISE.charAt(random.nextInt(NOISE.length())));
        }
        return text.toString();
    }
}
