package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.output.TerminalText;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a command prints or logs goes through the console's streams. */
class PrintableStreamTest {

    private static final String TITLE = "\u001b]0;owned\u0007\u009b2J\u202e";
    private static final String SHOWN = "\\u{1b}]0;owned\\u{7}\\u{9b}2J\\u{202e}";

    @Test
    void escapesByEveryWayOfPrinting() {
        assertThat(printed(out -> out.print(TITLE))).isEqualTo(SHOWN);
        assertThat(printed(out -> out.println(TITLE))).isEqualTo(SHOWN + "\n");
        assertThat(printed(out -> out.println((Object) TITLE))).isEqualTo(SHOWN + "\n");
        assertThat(printed(out -> out.printf("%s", TITLE))).isEqualTo(SHOWN);
        assertThat(printed(out -> out.append(TITLE))).isEqualTo(SHOWN);
        assertThat(printed(out -> out.print(TITLE.toCharArray()))).isEqualTo(SHOWN);
        assertThat(printed(out -> out.print('\u001b'))).isEqualTo("\\u{1b}");
    }

    @Test
    void leavesLinesTabsAndLetters() {
        assertThat(printed(out -> out.print("a\tß\n漢😀\r"))).isEqualTo("a\tß\n漢😀\\u{d}");
    }

    @Test
    void leavesTheProgressBarItsReturnsAndColours() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Progress progress = new Progress(console(bytes, true));
        progress.began("records", 1);
        progress.close();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("\r", "records")
                .doesNotContain("\\u{");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x0A, 0x0D, 0x1B, 0x7F, 0x9B, 0xAD, 0x200B, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF,
                0xD800, 0xE0041
            })
    void escapesWhatATerminalActsOn(int codePoint) {
        assertThat(TerminalText.escape("a" + Character.toString(codePoint) + "b"))
                .isEqualTo("a\\u{" + Integer.toHexString(codePoint) + "}b");
    }

    @Test
    void leavesLettersOfAllScriptsAsTheyAre() {
        assertThat(TerminalText.escape("ıİß 漢字 😀 \u00A0")).isEqualTo("ıİß 漢字 😀 \u00A0");
    }

    private static String printed(Consumer<PrintStream> action) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        action.accept(console(bytes).out());
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Console console(ByteArrayOutputStream bytes) {
        return console(bytes, false);
    }

    private static Console console(ByteArrayOutputStream bytes, boolean interactive) {
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Console(InputStream.nullInputStream(), stream, stream, Map.of(), interactive);
    }
}
