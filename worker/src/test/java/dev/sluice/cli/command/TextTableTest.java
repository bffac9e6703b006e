package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void alignsColumnsUnderTheirHeadings() {
        TextTable table = new TextTable(false, List.of("a", "heading"));
        table.add(List.of("long cell", 1));
        table.add(Arrays.asList(null, "x"));

        assertThat(printed(table)).containsExactly("  a          heading", "  long cell  1", "  NULL       x");
    }

    @Test
    void cutsLongValuesInCodePointsForPeopleOnly() {
        String emoji = "😀".repeat(25);

        assertThat(cell(true, emoji)).isEqualTo("😀".repeat(23) + "…");
        assertThat(cell(true, "😀".repeat(24))).isEqualTo("😀".repeat(24));
        assertThat(cell(false, emoji)).isEqualTo(emoji);
    }

    private static String cell(boolean shorten, String value) {
        TextTable table = new TextTable(shorten, List.of("c"));
        table.add(List.of(value));
        return printed(table).getLast().strip();
    }

    private static List<String> printed(TextTable table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
