package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    79 | [=============                 ] 4,500 of 10,000 rows, 45 %, 1,234/s, 0:04 left
                    60 | [====       ] 4,500 of 10,000 rows, 45 %, 1,234/s, 0:04 left
                    50 | 4,500 of 10,000 rows, 45 %, 1,234/s, 0:04 left
                    40 | 4,500 of 10,000 rows, 45 %, 1,234/s
                    22 | 4,500 of 10,000 rows
                    """)
    void fitsTheTerminal(int width, String expected) {
        String text = new ProgressLine("rows", 4_500, 10_000L, 0.45, 1_234.0, Duration.ofSeconds(4)).text(width);

        assertThat(text).isEqualTo(expected).hasSizeLessThanOrEqualTo(width);
    }

    @Test
    void saysOnlyWhatIsKnown() {
        assertThat(new ProgressLine("rows", 7, null, null, null, null).text(79)).isEqualTo("7 rows");
        assertThat(new ProgressLine("rows", 7, null, null, 0.5, null).text(79)).isEqualTo("7 rows, 0.5/s");
        assertThat(new ProgressLine("rows", 7, 9L, null, 2.0, Duration.ofMinutes(75)).text(79))
                .endsWith(", 2.0/s, 1 h 15 min left");
    }

    @Test
    void showsRateAndTimeLeftOfTheLastSeconds() {
        Progress progress = progress(80, true);
        progress.began("pages", 100);

        after(Duration.ofSeconds(1), () -> progress.reached(10));
        after(Duration.ofSeconds(1), () -> progress.reached(20));

        assertThat(printed()).endsWith("20 of 100 pages, 20 %, 10/s, 0:08 left");
    }

    @Test
    void measuresByAnotherMeasureThanTheCount() {
        Progress progress = progress(80, true).counting("messages").measuredBy(() -> 0.25);

        after(Duration.ofSeconds(3), () -> progress.reached(30));

        assertThat(printed()).endsWith("30 messages, 25 %, 10/s, 0:09 left");
    }

    @Test
    void stillGrowsWhenThereIsMore() {
        Progress progress = progress(80, true).counting("records");
        progress.total(10);
        after(Duration.ofSeconds(1), () -> progress.reached(5));
        progress.total(50);
        after(Duration.ofSeconds(1), () -> progress.reached(10));

        assertThat(printed()).endsWith("10 of 50 records, 20 %, 5.0/s, 0:08 left");
    }

    @Test
    void keepsTheLineBelowWhatIsPrinted() {
        Progress progress = progress(80, true).counting("rows");

        progress.noted("halfway");
        progress.close();

        assertThat(printed()).isEqualTo("0 rows" + CLEAR + "sluice: halfway\n0 rows" + CLEAR);
    }

    @Test
    void waitsWithTheLineUntilAPromptIsAnswered() {
        Console console = console(80, true);
        console.status("1 rows");

        console.err().print("Continue? ");
        console.err().println("yes");

        assertThat(printed()).isEqualTo("1 rows" + CLEAR + "Continue? yes\n1 rows");
    }

    @Test
    void drawsNothingOffATerminalNorAfterItIsClosed() {
        Progress silent = progress(80, false).counting("rows");
        after(Duration.ofSeconds(1), () -> silent.reached(10));
        assertThat(printed()).isEmpty();

        Progress closed = progress(80, true).counting("rows");
        closed.close();
        err.reset();
        after(Duration.ofSeconds(1), () -> closed.reached(10));
        closed.close();
        assertThat(printed()).isEmpty();
    }

    private void after(Duration time, Runnable action) {
        nanos.addAndGet(time.toNanos());
        action.run();
    }

    private Progress progress(int columns, boolean interactive) {
        return new Progress(console(columns, interactive), nanos::get);
    }

    private Console console(int columns, boolean interactive) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Console(InputStream.nullInputStream(), stream, stream, Map.of("COLUMNS", "" + columns), interactive);
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
