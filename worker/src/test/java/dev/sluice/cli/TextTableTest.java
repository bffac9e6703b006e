package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {

    @Test
    void alignsColumnsUnderTheirHeadings() {
        TextTable table = new TextTable(false, "a", "heading");
        table.add(List.of("long cell", 1));
        table.add(Arrays.asList(null, "x"));

        assertThat(printed(table)).containsExactly("  a          heading", "  long cell  1", "  NULL       x");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x0A, 0x0D, 0x1B, 0x7F, 0x9B, 0xAD, 0x200B, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF,
                0xD800, 0xE0041
            })
    void escapesWhatATerminalWouldActOn(int codePoint) {
        assertThat(TextTable.printable("a" + Character.toString(codePoint) + "b"))
                .isEqualTo("a\\u{" + Integer.toHexString(codePoint) + "}b");
    }

    @Test
    void leavesLettersOfAllScriptsAsTheyAre() {
        assertThat(TextTable.printable("ıİß 漢字 😀 \u00A0")).isEqualTo("ıİß 漢字 😀 \u00A0");
    }

    @Test
    void cutsLongValuesInCodePointsForPeopleOnly() {
        String emoji = "😀".repeat(25);

        assertThat(cell(true, emoji)).isEqualTo("😀".repeat(23) + "…");
        assertThat(cell(true, "😀".repeat(24))).isEqualTo("😀".repeat(24));
        assertThat(cell(false, emoji)).isEqualTo(emoji);
    }

    private static String cell(boolean shorten, String value) {
        TextTable table = new TextTable(shorten, "c");
        table.add(List.of(value));
        return printed(table).getLast().strip();
    }

    private static List<String> printed(TextTable table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
