package dev.sluice.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredValuesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    integer       | 7                      | 7
                    bigint        | -9223372036854775808   | -9223372036854775808
                    bigint        | not a number           | "not a number"
                    boolean       | true                   | true
                    boolean       | f                      | "f"
                    numeric(30,2) | 12345678901234567890.10 | 12345678901234567890.10
                    numeric(3)    | NaN                    | "NaN"
                    varchar(8)    | 7                      | "7"
                    jsonb         | {"a": [1, 2.50, null]} | {"a":[1,2.50,null]}
                    jsonb         | 98765432109876543210   | 98765432109876543210
                    jsonb         | {} {}                  | "{} {}"
                    jsonb         | {"a":                  | "{\\"a\\":"
                    """)
    void areWhatTheirTypeSaysOrStayTexts(String type, String text, String json) {
        assertThat(JsonLine.json(StoredValues.of(type, text))).isEqualTo(json);
    }

    @Test
    void nullStaysNull() {
        assertThat(StoredValues.of("integer", null)).isNull();
        assertThat(StoredValues.json("null")).isNull();
    }

    @Test
    void deeplyNestedJsonStaysAText() {
        String deep = "[".repeat(100_000);

        assertThat(StoredValues.json(deep)).isEqualTo(deep);
    }
}
