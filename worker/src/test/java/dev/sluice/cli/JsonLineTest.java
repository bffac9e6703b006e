package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

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
