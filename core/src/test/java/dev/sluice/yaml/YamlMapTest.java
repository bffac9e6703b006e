package dev.sluice.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlMapTest {

    private final Problems problems = new Problems("x.yaml");

    @Test
    void readsValuesOfAnyPlainTypeAsTheirText() {
        YamlMap map = YamlMap.parse("a: 0123\nb: 1e3\nc: true\nd: 'quoted'\ne: 2026-01-01\n", problems);

        assertThat(map.text("a")).isEqualTo("0123");
        assertThat(map.text("b")).isEqualTo("1e3");
        assertThat(map.text("c")).isEqualTo("true");
        assertThat(map.text("d")).isEqualTo("quoted");
        assertThat(map.text("e")).isEqualTo("2026-01-01");
        problems.throwIfAny();
    }

    @Test
    void nullIsAbsentAndAQuotedNullIsText() {
        YamlMap map = YamlMap.parse("a: null\nb:\nc: 'null'\n", problems);

        assertThat(map.text("a")).isNull();
        assertThat(map.text("b")).isNull();
        assertThat(map.text("c")).isEqualTo("null");
    }

    @Test
    void followsAnAliasToItsAnchor() {
        YamlMap map = YamlMap.parse("a: &x { v: 1 }\nb: *x\n", problems);

        assertThat(map.map("b").text("v")).isEqualTo("1");
    }

    @Test
    void knowsNoMergeKeys() {
        YamlMap.parse("a: &x { v: 1 }\n<<: *x\n", problems).allowOnly(Set.of("a", "v"));

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("2:1 <<: unknown key");
    }

    @Test
    void tellsAKeyThatStandsTwiceAtItsSecondPlace() {
        YamlMap.parse("a: 1\nb: 2\na: 3\n", problems);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("3:1 a: the key appears twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:\n\tb: 1", "a: *nowhere", "a: 'open", "{ a: 1", "a: 1\n b: 2", "%YAML 3.0\n---\na: 1"})
    void tellsWhereItIsNotYaml(String text) {
        YamlMap.parse(text, problems);

        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("not valid YAML");
    }

    @Test
    void refusesKeysThatAreNoPlainText() {
        YamlMap.parse("? [a, b]\n: 1\n", problems);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("not valid YAML");
    }

    @Test
    void doesNotUnrollAliasesOfAliases() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level < 60; level++) {
            bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(level, level - 1));
        }

        YamlMap map = YamlMap.parse(bomb.toString(), problems);

        assertThat(map.text("a59")).isNull();
        assertThatThrownBy(problems::throwIfAny).isInstanceOf(InvalidDocumentException.class);
    }

    @Test
    void survivesAMappingThatHoldsItself() {
        YamlMap map = YamlMap.parse("a: &x { a: *x, b: 1 }\n", problems);

        assertThat(map.map("a").map("a").map("a").text("b")).isEqualTo("1");
    }

    @Test
    void refusesADocumentThatIsTooLarge() {
        YamlMap.parse("a: 1" + "\n".repeat(4_000_000), problems);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("at most 3 million characters long");
    }

    @Test
    void refusesBracketsNestedTooDeeply() {
        assertThatCode(() -> YamlMap.parse("a: " + "[".repeat(10_000), problems))
                .doesNotThrowAnyException();

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("not valid YAML");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{ password:canary }", "{ 'password canary': 1 }", "{ password=canary: 1 }", "{ ' canary': 1 }"})
    void showsOfAnUnknownKeyWhatIsSurelyAName(String text) {
        YamlMap.parse(text, problems).allowOnly(Set.of("url"));

        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("…: unknown key; known keys are [url]")
                .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("canary"));
    }
}
