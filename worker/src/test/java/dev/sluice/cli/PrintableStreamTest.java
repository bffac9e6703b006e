package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

        Progress.bar(console(bytes), "records", 1).close();

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("\r", "records")
                .doesNotContain("\\u{");
    }

    @Test
    void logKeepsAnEventOnOneLineAndEscapesIt() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Logging.configure("info", console(bytes).err());

        LoggerFactory.getLogger("dev.sluice.test").warn("message {} is gone", "m-1\n2026-01-01 INFO forged" + TITLE);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("m-1\\u{a}2026-01-01 INFO forged" + SHOWN + " is gone\n");
    }

    private static String printed(Consumer<PrintStream> action) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        action.accept(console(bytes).out());
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Console console(ByteArrayOutputStream bytes) {
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Console(InputStream.nullInputStream(), stream, stream, Map.of(), false);
    }
}
