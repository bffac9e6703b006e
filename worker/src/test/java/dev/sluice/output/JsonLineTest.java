package dev.sluice.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLineTest {

    @Test
    void writesEachTypeAsJsonHasIt() {
        JsonLine line = new JsonLine()
                .put("text", "a\"\n\u001b")
                .put("long", 5L)
                .put("int", 6)
                .put("double", 1.5)
                .put("flag", true)
                .put("list", List.of("x", 1))
                .put("none", null)
                .put("date", LocalDate.of(2026, 3, 1));

        assertThat(line.toString())
                .isEqualToIgnoringCase(
                        "{\"text\":\"a\\\"\\n\\u001B\",\"long\":5,\"int\":6,\"double\":1.5,\"flag\":true,"
                                + "\"list\":[\"x\",1],\"none\":null,\"date\":\"2026-03-01\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    7F   | \\u007f
                    85   | \\u0085
                    9B   | \\u009b
                    200E | \\u200e
                    200F | \\u200f
                    202A | \\u202a
                    202E | \\u202e
                    2066 | \\u2066
                    2069 | \\u2069
                    61C  | \\u061c
                    2028 | \\u2028
                    E0041 | \\udb40\\udc41
                    """)
    void escapesWhatATerminalWouldActOnInNamesAndValues(String codePoint, String escape) {
        String text = "a" + Character.toString(Integer.parseInt(codePoint, 16)) + "b";

        assertThat(new JsonLine().put(text, List.of(text)).toString())
                .isEqualTo("{\"a" + escape + "b\":[\"a" + escape + "b\"]}");
    }

    @Test
    void leavesLettersOfAllScriptsAsTheyAre() {
        assertThat(new JsonLine().put("text", "ıİß 漢字 😀").toString()).isEqualTo("{\"text\":\"ıİß 漢字 😀\"}");
    }

    @Test
    void isAnEmptyObjectWithoutMembers() {
        assertThat(new JsonLine().toString()).isEqualTo("{}");
    }

    @Test
    void givesPeopleALineAMemberWithoutAbsentOnesAndEscaped() {
        assertThat(new JsonLine()
                        .put("id", 5)
                        .put("column", null)
                        .put("shape", "a\u001bb")
                        .lines())
                .isEqualTo("id                5\nshape             a\\u{1b}b");
    }
}
