package dev.sluice.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlMapTest {

    private final Problems problems = new Problems("x.yaml");
    private final Variables variables = Variables.of(Map.of("QUEUE", "orders", "BRACES", "${QUEUE}", "EMPTY", ""));

    @Test
    void readsValuesOfAnyPlainTypeAsTheirText() {
        YamlMap map = YamlMap.parse("a: 0123\nb: 1e3\nc: true\nd: 'quoted'\ne: 2026-01-01\n", problems, variables);

        assertThat(map.text("a")).isEqualTo("0123");
        assertThat(map.text("b")).isEqualTo("1e3");
        assertThat(map.text("c")).isEqualTo("true");
        assertThat(map.text("d")).isEqualTo("quoted");
        assertThat(map.text("e")).isEqualTo("2026-01-01");
        problems.throwIfAny();
    }

    @Test
    void nullIsAbsentAndAQuotedNullIsText() {
        YamlMap map = YamlMap.parse("a: null\nb:\nc: 'null'\n", problems, variables);

        assertThat(map.text("a")).isNull();
        assertThat(map.text("b")).isNull();
        assertThat(map.text("c")).isEqualTo("null");
    }

    @Test
    void followsAnAliasToItsAnchor() {
        YamlMap map = YamlMap.parse("a: &x { v: 1 }\nb: *x\n", problems, variables);

        assertThat(map.map("b").text("v")).isEqualTo("1");
    }

    @Test
    void knowsNoMergeKeys() {
        YamlMap.parse("a: &x { v: 1 }\n<<: *x\n", problems, variables).allowOnly(Set.of("a", "v"));

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("2:1 <<: unknown key");
    }

    @Test
    void tellsAKeyThatStandsTwiceAtItsSecondPlace() {
        YamlMap.parse("a: 1\nb: 2\na: 3\n", problems, variables);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("3:1 a: the key appears twice, first on line 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:\n\tb: 1", "a: *nowhere", "a: 'open", "{ a: 1", "a: 1\n b: 2", "%YAML 3.0\n---\na: 1"})
    void tellsWhereItIsNotYaml(String text) {
        YamlMap.parse(text, problems, variables);

        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("not valid YAML");
    }

    @Test
    void refusesKeysThatAreNoPlainText() {
        YamlMap.parse("? [a, b]\n: 1\n", problems, variables);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("not valid YAML");
    }

    @Test
    void doesNotUnrollAliasesOfAliases() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level < 60; level++) {
            bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(level, level - 1));
        }

        YamlMap map = YamlMap.parse(bomb.toString(), problems, variables);

        assertThat(map.text("a59")).isNull();
        assertThatThrownBy(problems::throwIfAny).isInstanceOf(InvalidDocumentException.class);
    }

    @Test
    void survivesAMappingThatHoldsItself() {
        YamlMap map = YamlMap.parse("a: &x { a: *x, b: 1 }\n", problems, variables);

        assertThat(map.map("a").map("a").map("a").text("b")).isEqualTo("1");
    }

    @Test
    void refusesADocumentThatIsTooLarge() {
        YamlMap.parse("a: 1" + "\n".repeat(4_000_000), problems, variables);

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("at most 3 million characters long");
    }

    @Test
    void refusesBracketsNestedTooDeeply() {
        assertThatCode(() -> YamlMap.parse("a: " + "[".repeat(10_000), problems, variables))
                .doesNotThrowAnyException();

        assertThatThrownBy(problems::throwIfAny).hasMessageContaining("not valid YAML");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{ password:canary }", "{ 'password canary': 1 }", "{ password=canary: 1 }", "{ ' canary': 1 }"})
    void showsOfAnUnknownKeyWhatIsSurelyAName(String text) {
        YamlMap.parse(text, problems, variables).allowOnly(Set.of("url"));

        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("…: unknown key; known keys are [url]")
                .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("canary"));
    }

    @Nested
    class Slips {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        a:~\tb: 1                       | 2:1 not valid YAML: a tab; indent with blanks
                        a:~  b: 1~ \tc: 2               | 3:2 not valid YAML: a tab; indent with blanks
                        a: 'open~b: 2                   | 1:4 not valid YAML: the quote that opens here is not closed
                        a: { b: 1~c: 2                  | 1:4 not valid YAML: the bracket that opens here is not closed
                        a: { b: 1 c: 2 }                | not valid YAML: a comma or the closing bracket is missing
                        a: { b: ${QUEUE} }              | not valid YAML: quote a variable inside braces: "${NAME}"
                        a: *b                           | not valid YAML: an alias (*name) without its anchor (&name)
                        a: @b                           | not valid YAML: quote a value that begins with @
                        a: b: c                         | not valid YAML: a second colon; quote a value
                        a:1~b: 2                        | not valid YAML: put a blank after the colon
                        """)
        void areNamedWithTheirPlace(String text, String problem) {
            YamlMap.parse(text.replace('~', '\n').replace("\\t", "\t"), problems, variables);

            assertThatThrownBy(problems::throwIfAny).hasMessageContaining(problem);
        }

        @Test
        void aColonWithoutABlankIsNamedWhereverItIsValidYaml() {
            YamlMap map = YamlMap.parse("a: { b:1 }\nc:\n  d:canary\n", problems, variables);
            map.map("a").allowOnly(Set.of("b"));
            map.map("c");

            assertThatThrownBy(problems::throwIfAny)
                    .hasMessageContaining("1:6 a.b…: unknown key; known keys are [b]; put a blank after the colon")
                    .hasMessageContaining("3:3 c: a mapping (key: value) was expected; put a blank after the colon")
                    .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("canary"));
        }

        @Test
        void aTypeWithACommaIsToBeQuotedBetweenBraces() {
            YamlMap map = YamlMap.parse("a: { type: numeric(10,2), from: f }", problems, variables);

            assertThat(map.map("a").text("type")).isEqualTo("numeric(10,2)");
            assertThat(map.map("a").text("from")).isEqualTo("f");
            assertThatThrownBy(problems::throwIfAny)
                    .hasMessageContaining("x.yaml: 1 problem")
                    .hasMessageContaining(
                            "1:12 a.type: between braces a comma ends the value; quote it: \"numeric(10,2)\"");
        }

        @ParameterizedTest
        @ValueSource(strings = {"yes", "no", "on", "Off", "TRUE"})
        void whatYaml11TookForAFlagIsText(String text) {
            assertThat(YamlMap.parse("a: " + text, problems, variables).flag("a", true))
                    .isFalse();

            assertThatThrownBy(problems::throwIfAny)
                    .hasMessageContaining("true or false was expected; YAML 1.2 reads yes, no, on and off as text");
        }

        @Test
        void doNotHideTheRestOfTheFile() {
            YamlMap map = YamlMap.parse(
                    """
                    a:
                      x: { y: 1
                    b:
                      c: 'open
                      d: { e: 2 }
                      # a comment
                      f: g: h
                    z: 3
                    """,
                    problems,
                    variables);
            map.requiredText("missing", "a text");
            map.allowOnly(Set.of("a", "b"));

            assertThat(map.map("b").map("d").text("e")).isEqualTo("2");
            assertThat(map.text("z")).isEqualTo("3");
            assertThatThrownBy(problems::throwIfAny)
                    .hasMessageContaining("x.yaml: 4 problems")
                    .hasMessageContaining("2:6 not valid YAML: the bracket that opens here is not closed")
                    .hasMessageContaining("4:6 not valid YAML: the quote")
                    .hasMessageContaining("7:7 not valid YAML: a second colon")
                    .hasMessageContaining("8:1 z: unknown key");
        }
    }

    @Nested
    class VariablesInValues {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        ${QUEUE}                  | orders
                        a-${QUEUE}-${QUEUE}.fifo  | a-orders-orders.fifo
                        ${QUEUE:-other}           | orders
                        ${NONE:-other}            | other
                        ${EMPTY:-other}           | other
                        ${NONE:-}x                | x
                        ${BRACES}                 | ${QUEUE}
                        $${QUEUE}                 | ${QUEUE}
                        $QUEUE $ {QUEUE}          | $QUEUE $ {QUEUE}
                        """)
        void areReplacedOnce(String value, String text) {
            assertThat(YamlMap.parse("a: \"" + value + "\"", problems, variables)
                            .text("a"))
                    .isEqualTo(text);
            problems.throwIfAny();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        ${NONE}              | the environment variable NONE is not set; set it, or write ${NONE:-default}
                        ${EMPTY}             | the environment variable EMPTY is not set
                        ${}                  | ${NAME} or ${NAME:-default} was expected; write $${ for
                        ${QUEUE-canary}      | ${NAME} or ${NAME:-default} was expected
                        ${QUEUE              | ${NAME} or ${NAME:-default} was expected
                        ${A:-${QUEUE}}       | ${NAME} or ${NAME:-default} was expected
                        """)
        void areAProblemWithTheirPlaceUnlessSet(String value, String problem) {
            YamlMap.parse("b: 1\na: \"" + value + "\"", problems, variables).text("a");

            assertThatThrownBy(problems::throwIfAny)
                    .hasMessageContaining("2:4 a: " + problem)
                    .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("canary", "orders"));
        }

        @Test
        void areNotReplacedInKeys() {
            assertThat(YamlMap.parse("'${QUEUE}': 1", problems, variables).keys())
                    .containsExactly("${QUEUE}");
        }
    }
}
