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
        TextTable table = table(80, false, "a", "heading");
        table.add(List.of("long cell", 1));
        table.add(Arrays.asList(null, "x"));

        assertThat(printed(table)).containsExactly("  a          heading", "  long cell  1", "  NULL       x");
    }

    @Test
    void shortensTheLongestValuesEquallyInCodePoints() {
        TextTable table = table(40, false, "id", "a", "b");
        table.add(List.of(17, "😀".repeat(30), "x".repeat(99)));

        assertThat(printed(table).getLast()).isEqualTo("  17  " + "😀".repeat(15) + "…  " + "x".repeat(15) + "…");
        assertThat(printed(table)).allMatch(line -> line.codePointCount(0, line.length()) <= 40);
    }

    @Test
    void showsWholeValuesWhereTheyFit() {
        TextTable table = table(200, false, "token");
        table.add(List.of("x".repeat(198)));

        assertThat(printed(table).getLast()).isEqualTo("  " + "x".repeat(198));
    }

    @Test
    void shortensHeadingsRatherThanLeaveTheTable() {
        TextTable table = table(30, false, "masked_device_id", "create_date");
        table.add(List.of("A".repeat(60), "2026-11-21"));

        assertThat(printed(table)).containsExactly("  masked_device_…  create_date", "  AAAAAAAAAAAAAA…  2026-11-21");
    }

    @Test
    void printsALinePerValueWhenTooLittleWouldBeLeft() {
        TextTable table = table(30, false, "a", "bb", "c", "d");
        table.add(List.of("x".repeat(99), "y".repeat(99), "z".repeat(99), 1));
        table.add(Arrays.asList("1", "2", "3", null));

        assertThat(printed(table))
                .containsExactly(
                        "  a   " + "x".repeat(23) + "…",
                        "  bb  " + "y".repeat(23) + "…",
                        "  c   " + "z".repeat(23) + "…",
                        "  d   1",
                        "",
                        "  a   1",
                        "  bb  2",
                        "  c   3",
                        "  d   NULL",
                        "");
    }

    @Test
    void neverShortensWhatMustBeWhole() {
        TextTable table = table(20, true, "key id", "token");
        table.add(List.of("0badcafe", "x".repeat(60)));

        assertThat(printed(table)).containsExactly("  key id  0badcafe", "  token   " + "x".repeat(60), "");
    }

    private static TextTable table(int width, boolean whole, String... headings) {
        return new TextTable(width, whole, List.of(headings));
    }

    private static List<String> printed(TextTable table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
