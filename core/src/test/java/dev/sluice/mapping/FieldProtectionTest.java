package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldProtectionTest {

    @Test
    void saysHowEachFieldIsStoredByItsPointer() {
        FieldProtection protection = protection(
                """
                a: { from: id, type: bigint }
                b: { from: /user/ip, type: text, mask: { kind: deterministic-aead } }
                c: { type: integer, default: 7 }
                d: { from: /odd~1name, type: text, mask: { kind: redact } }
                """);

        assertThat(protection.text())
                .isEqualTo("{\"/id\":\"none\",\"/odd~1name\":\"redact\",\"/user/ip\":\"deterministic-aead\"}");
        assertThat(FieldProtection.parse(protection.text())).isEqualTo(protection);
    }

    @Test
    void goesByTheWeakestOfSeveralColumnsOfOneField() {
        String columns =
                """
                a: { from: ip, type: text, mask: { kind: deterministic-aead } }
                b: { from: ip, type: text, mask: { kind: generalize, as: ip } }
                """;

        assertThat(protection(columns).text()).isEqualTo("{\"/ip\":\"generalize\"}");
        assertThat(protection(columns + "c: { from: ip, type: text }\n").text()).isEqualTo("{\"/ip\":\"none\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "deterministic-aead, none, true",
        "deterministic-aead, sha256, true",
        "deterministic-aead, generalize, true",
        "deterministic-aead, keyed-hash, false",
        "deterministic-aead, redact, false",
        "keyed-hash, deterministic-aead, true",
        "redact, keyed-hash, true",
        "generalize, sha256, true",
        "sha256, none, true",
        "sha256, partial, false",
        "partial, sha256, true",
        "partial, none, true",
        "generalize, partial, true",
        "deterministic-aead, partial, true",
        "partial, deterministic-aead, false",
        "sha256, generalize, false",
        "none, none, false",
        "none, sha256, false"
    })
    void tellsAWeakerMaskFromOneThatIsAsGood(String before, String after, boolean weaker) {
        assertThat(of("/ip", before).weakenedBy(of("/ip", after)))
                .isEqualTo(weaker ? List.of(new Weakening("/ip", false, before, after)) : List.of());
    }

    @Test
    void seesThroughAColumnThatTakesTheWholeObjectOrAPartOfTheField() {
        FieldProtection before = of("/user/ip", "deterministic-aead");

        assertThat(before.weakenedBy(of("/user", "none")))
                .containsExactly(new Weakening("/user", false, "deterministic-aead", "none"));
        assertThat(before.weakenedBy(of("/user/ip/v4", "none")))
                .containsExactly(new Weakening("/user/ip/v4", false, "deterministic-aead", "none"));
        assertThat(before.weakenedBy(of("/user/ipv4", "none")))
                .containsExactly(new Weakening("/user/ipv4", true, "not stored", "none"));
    }

    /** An envelope's text holds the event, and with it the address. */
    @Test
    void namesAFieldThatWasNotStoredBefore() {
        FieldProtection before = of("/ip", "redact");

        assertThat(before.weakenedBy(of("/Message", "none")))
                .containsExactly(new Weakening("/Message", true, "not stored", "none"));
        assertThat(before.weakenedBy(of("/Message", "sha256")))
                .containsExactly(new Weakening("/Message", true, "not stored", "sha256"));
        assertThat(before.weakenedBy(of("/Message", "partial")))
                .containsExactly(new Weakening("/Message", true, "not stored", "partial"));
        assertThat(before.weakenedBy(of("/Message", "deterministic-aead"))).isEmpty();
        assertThat(before.weakenedBy(FieldProtection.parse("{}"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"/a\":\"none\"",
                "{\"/a\":\"none\"} x",
                "{\"/a\":\"rot13\"}",
                "{\"/a\":7}",
                "{\"/a\":[]}",
                "7"
            })
    void refusesWhatIsNoProtection(String text) {
        assertThatThrownBy(() -> FieldProtection.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static FieldProtection of(String pointer, String mask) {
        return FieldProtection.parse("{\"" + pointer + "\":\"" + mask + "\"}");
    }

    private static FieldProtection protection(String columns) {
        return FieldProtection.of(SpecReader.read(
                "test.yaml", "pipeline: p\nsource: { queue: q }\nsink: { table: t }\ncolumns:\n" + columns.indent(2)));
    }
}
