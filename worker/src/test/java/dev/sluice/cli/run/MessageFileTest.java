package dev.sluice.cli.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.cli.command.Console;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageFileTest {

    private static final String PRETTY = "{\n  \"a\": 1.10,\n  \"b\": [ {\"c\": 2},\n\n {} ]\n}";

    @Nested
    class Values {

        @Test
        void onOneLineEachAreMessagesAsTheyStand() {
            assertThat(bodies("{\"a\": 1.10}\n\n  {\"b\" :2} \r\n\t\n\"x\"\n7\r\nnull"))
                    .containsExactly("{\"a\": 1.10}", "{\"b\" :2}", "\"x\"", "7", "null");
        }

        @Test
        void onSeveralLinesAreOneMessageEachAsTheyStand() {
            assertThat(bodies(PRETTY)).containsExactly(PRETTY);
            assertThat(bodies(PRETTY + "\n" + PRETTY + "\n{}" + PRETTY.replace("\n", "\r\n")))
                    .containsExactly(PRETTY, PRETTY, "{}", PRETTY.replace("\n", "\r\n"));
        }

        @Test
        void mayBeArraysOnALineEach() {
            assertThat(bodies("[1,2]\n[3]\n")).containsExactly("[1,2]", "[3]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", " \n\t\n", "\uFEFF", "\uFEFF\r\n"})
        void mayBeNone(String text) {
            assertThat(bodies(text)).isEmpty();
            assertThat(lines(text)).isEmpty();
        }

        @Test
        void mayFollowAByteOrderMarkOnlyAtTheBeginning() {
            assertThat(bodies("\uFEFF{}\n{}")).containsExactly("{}", "{}");
            refuses("{}\n\uFEFF{}", 2, "line 2 is not JSON");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        foo~{}           | 1 | line 1 is not JSON; --lines takes each line as a message
                        {}~{}~{"a":1~{}  | 3 | line 4 is not JSON, in the value that begins on line 3; --lines
                        {}~~{"a": x}~{}  | 3 | line 3 is not JSON
                        {}~{"a":~~[1,    | 2 | the JSON value that begins on line 2 does not end
                        {}~"open         | 2 | the JSON value that begins on line 2 does not end
                        {}~NaN           | 2 | line 2 is not JSON
                        {}~}             | 2 | line 2 is not JSON
                        {},{}            | 1 | line 1 is not JSON
                        {}~12a           | 2 | line 2 is not JSON
                        """)
        void thatAreNotJsonAreRefusedWithTheirLine(String text, long line, String fault) {
            refuses(text.replace('~', '\n'), line, fault);
        }

        @Test
        void areFoundWhereverTheBuffersEnd() {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                values.add("{\"\u00fc\ud83d\ude00\": \"" + "x".repeat(i % 257) + "\",\n\"n\": " + i + "}");
            }

            assertThat(bodies(String.join("\n", values))).isEqualTo(values);
        }

        @Test
        void endWithAnErrorThatShowsNoneOfThem() {
            assertThatExceptionOfType(MessageFileException.class)
                    .isThrownBy(() -> bodies("{\"canary\": canary}"))
                    .satisfies(fault -> assertThat(fault.toString()).doesNotContain("canary"))
                    .withNoCause();
        }

        /** Whatever the size of the file, and though nothing says where such a value ends. */
        @Test
        void areNotReadOnWhenOneIsFarTooLong() {
            InputStream endless = new InputStream() {
                @Override
                public int read() {
                    return 'x';
                }

                @Override
                public int read(byte[] bytes, int offset, int length) {
                    java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                    return length;
                }
            };
            InputStream bytes =
                    new SequenceInputStream(new ByteArrayInputStream("{}\n{\"a\": \"".getBytes(UTF_8)), endless);

            assertThatExceptionOfType(MessageFileException.class)
                    .isThrownBy(() -> open(bytes, false, 1).forEachRemaining(body -> {}))
                    .withMessage("what begins on line 2 is longer than 16 MiB; a message holds at most 1 MiB")
                    .satisfies(fault -> assertThat(fault.line()).isEqualTo(2));
        }
    }

    @Nested
    class Array {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[{\"a\":1},{\"b\":[2]},3,null,\"x\"]",
                    "[{\"a\":1},{\"b\":[2]},3,null,\"x\"]\n\n",
                    "\n  [\n{\"a\":1},\n{\"b\":[2]}, 3,\nnull, \"x\" ]\n",
                    "\uFEFF[{\"a\":1},{\"b\":[2]},\r\n3,null\r\n,\"x\"]",
                })
        void isSentElementByElementHoweverItIsLaidOut(String text) {
            assertThat(bodies(text)).containsExactly("{\"a\":1}", "{\"b\":[2]}", "3", "null", "\"x\"");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"1.10", "1e400", "1E-400", "-0.0", "0.10000e2", "1e9999999999", "\"\\ud83d\"", "\"\\u0041\""
                })
        void keepsItsElementsToTheCharacter(String element) {
            assertThat(bodies("[" + element + ",\n{\"a\" : [" + element + "]}]"))
                    .containsExactly(element, "{\"a\" : [" + element + "]}");
        }

        @Test
        void keepsWhatTheWorkerWillReject() {
            String deep = "[".repeat(1_500) + "]".repeat(1_500);
            String digits = "9".repeat(2_000);

            assertThat(bodies("[\n" + deep + "," + digits + "]")).containsExactly(deep, digits);
        }

        @Test
        void mayBeEmpty() {
            assertThat(bodies("[]")).isEmpty();
            assertThat(bodies("[\n]")).isEmpty();
        }

        @Test
        void mayBeALineThatIsLongerThanAnyMessage() {
            String element = "{\"a\":\"" + "x".repeat(1_000) + "\"}";
            int count = MessageText.MAX_KEPT / 1_000;

            assertThat(bodies("[" + (element + ",").repeat(count) + "{}]"))
                    .hasSize(count + 1)
                    .endsWith("{}");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        [~{"a":1},              | 2 | the array that the file begins with does not end
                        [~{"a":1}, {"b":        | 2 | the JSON value that begins on line 2 does not end
                        [~{"a":1}~{"b":2}]      | 3 | line 3 is not JSON
                        [{"a":1}, x]            | 1 | line 1 is not JSON
                        [~1~]~{"a":1}           | 4 | line 4 follows the array that the file begins with
                        [1] {"a":1}             | 1 | line 1 follows the array that the file begins with
                        [~1]]                   | 2 | line 2 is not JSON
                        """)
        void thatIsNotTheWholeFileIsRefused(String text, long line, String fault) {
            refuses(text.replace('~', '\n'), line, fault);
        }
    }

    @Nested
    class Lines {

        @Test
        void areMessagesUnchangedWithoutBlankOnes() {
            assertThat(lines("\uFEFF{\"a\": 1}\n\n  not json \r\n\t\n[1,\r'x'"))
                    .containsExactly("{\"a\": 1}", "  not json ", "[1,", "'x'");
        }

        @Test
        void areCounted() {
            assertThat(numbers("a\n\nb\r\nc\rd", true, 1)).isEqualTo("1, 3, 4, 5");
            assertThat(numbers("a\n\nb\r\nc\rd", true, 4)).isEqualTo("4, 5");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1~~2~3           | 1, 3, 4
                    ~~1              | 3
                    [1]~~[2]         | 1, 3
                    ~[1,~2,3~~,4]    | 2, 3, 3, 5
                    [~{"a":~1},~2]   | 2, 4
                    {~"a":1~}~{~}~7  | 1, 4, 6
                    """)
    void messagesCarryTheLineOnWhichTheyBegin(String text, String numbers) {
        assertThat(numbers(text.replace('~', '\n'), false, 1)).isEqualTo(numbers);
        assertThat(numbers(text.replace("~", "\r\n"), false, 1)).isEqualTo(numbers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1~~2~3                  | 3 | 3, 4
                    oops~2~3                | 2 | 2, 3
                    {~"a":1~}~{~}~7         | 4 | 4, 6
                    [~{"a":~1},~2~, 3]      | 4 | 4, 5
                    [1,2]~[3]~[4]           | 2 | 2, 3
                    1~2                     | 9 | ''
                    """)
    void aLineToBeginWithLeavesOutWhatBeginsBefore(String text, long fromLine, String numbers) {
        assertThat(numbers(text.replace('~', '\n'), false, fromLine)).isEqualTo(numbers);
    }

    @Test
    void aLineInTheMiddleOfAValueIsRefused() {
        assertThatExceptionOfType(MessageFileException.class)
                .isThrownBy(() -> numbers("{\n\"a\": 1\n}", false, 2))
                .withMessageContaining("line 2 is not JSON");
    }

    @Test
    void bytesThatAreNotTextAreRefusedWithTheirLine() {
        byte[] latin1 = "{}\n{}\n{\"a\": \"\u00fc\"}\n".getBytes(ISO_8859_1);

        for (boolean lines : List.of(false, true)) {
            assertThatExceptionOfType(MessageFileException.class)
                    .isThrownBy(() ->
                            open(new ByteArrayInputStream(latin1), lines, 1).forEachRemaining(body -> {}))
                    .withMessage("line 3 is not UTF-8 text");
        }
    }

    @Test
    void aFileThatFailsMidwayIsReported() {
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream("{}\n{}\n".getBytes(UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("gone");
                    }

                    @Override
                    public int read(byte[] to, int offset, int length) throws IOException {
                        return read();
                    }
                });

        assertThatExceptionOfType(MessageFileException.class)
                .isThrownBy(() -> open(broken, false, 1).forEachRemaining(body -> {}))
                .withMessage("the file cannot be read from line 3 on");
    }

    @Test
    void aFileSaysWhatItIsAndHowFarItWasRead(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("events"), "{}\n{}\n");
        Console console = console(InputStream.nullInputStream());

        try (MessageFile file = MessageFile.open(console, path.toString(), false, 1)) {
            file.forEachRemaining(body -> {});
            assertThat(file.size()).hasValue(6);
            assertThat(file.bytesRead()).isEqualTo(6);
        }
        assertThatExceptionOfType(MessageFileException.class)
                .isThrownBy(
                        () -> MessageFile.open(console, folder.resolve("none").toString(), false, 1))
                .withMessage("no such file");
        assertThatExceptionOfType(MessageFileException.class)
                .isThrownBy(() -> MessageFile.open(console, folder.toString(), false, 1))
                .withMessage("it is a directory; a file was expected");
    }

    private static void refuses(String text, long line, String fault) {
        assertThatExceptionOfType(MessageFileException.class)
                .isThrownBy(() -> bodies(text))
                .withMessageStartingWith(fault)
                .satisfies(exception -> assertThat(exception.line()).isEqualTo(line));
    }

    private static String numbers(String text, boolean lines, long fromLine) {
        List<Long> found = new ArrayList<>();
        open(new ByteArrayInputStream(text.getBytes(UTF_8)), lines, fromLine)
                .forEachRemaining(body -> found.add(body.line()));
        return found.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static List<String> bodies(String text) {
        return texts(text, false);
    }

    private static List<String> lines(String text) {
        return texts(text, true);
    }

    private static List<String> texts(String text, boolean lines) {
        List<String> found = new ArrayList<>();
        open(new ByteArrayInputStream(text.getBytes(UTF_8)), lines, 1).forEachRemaining(body -> found.add(body.text()));
        return found;
    }

    private static MessageFile open(InputStream bytes, boolean lines, long fromLine) {
        return MessageFile.open(console(bytes), "-", lines, fromLine);
    }

    private static Console console(InputStream in) {
        return new Console(in, System.out, System.err, Map.of(), false);
    }
}
