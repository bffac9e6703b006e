package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParagraphTest {

    @Test
    void breaksBetweenWordsAndIndentsWhatFollows() {
        assertThat(Paragraph.lines("one two three", 4, 11)).containsExactly("one two", "    three");
        assertThat(Paragraph.lines("one two three", 4, 80)).containsExactly("one two three");
        assertThat(Paragraph.lines("", 4, 80)).containsExactly("");
    }

    @Test
    void breaksNoWord() {
        assertThat(Paragraph.lines("a " + "x".repeat(20) + " b", 2, 10))
                .containsExactly("a", "  " + "x".repeat(20), "  b");
    }
}
