package dev.sluice.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class MessageFileTest {

    @Nested
    class Lines {

        @Test
        void areReadUnchangedWithoutBlankOnes() {
            assertThat(bodies("{\"a\": 1.10}\n\n  not json \r\n\t\n'x'"))
                    .containsExactly("{\"a\": 1.10}", "  not json ", "'x'");
        }

        @Test
        void mayEachBeAnArray() {
            assertThat(bodies("[1,2]\n[3]\n")).containsExactly("[1,2]", "[3]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\n", " \n\t\n", "\uFEFF"})
        void mayBeNone(String text) {
            assertThat(bodies(text)).isEmpty();
        }

        @Test
        void loseAByteOrderMark() {
            assertThat(bodies("\uFEFF{}\n\uFEFF{}")).containsExactly("{}", "\uFEFF{}");
        }

        @Test
        void failIfTheyCannotBeRead() {
            Reader broken = new Reader() {
                @Override
                public int read(char[] buffer, int offset, int length) throws IOException {
                    throw new IOException("gone");
                }

                @Override
                public void close() {}
            };

            assertThatThrownBy(() -> MessageFile.of(broken)).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Nested
    class Array {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[{\"a\":1},{\"b\":[2]},3,null,\"x\"]",
                    "[{\"a\":1},{\"b\":[2]},3,null,\"x\"]\n\n",
                    "\n  [\n{\"a\" : 1},\n{\"b\":\n[2]}, 3,\nnull, \"x\" ]\n",
                    "\uFEFF[{\"a\":1},{\"b\":[2]},\n3,null,\"x\"]",
                })
        void isSentElementByElementHoweverItIsLaidOut(String text) {
            assertThat(bodies(text)).containsExactly("{\"a\":1}", "{\"b\":[2]}", "3", "null", "\"x\"");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1.10",
                    "1e400",
                    "1E-400",
                    "-0.0",
                    "0.10000e2",
                    "1e9999999999",
                    "123456789012345678901234567890"
                })
        void keepsNumbersToTheDigit(String number) {
            assertThat(bodies("[" + number + ",\n{\"a\":[" + number + "]}]"))
                    .containsExactly(number, "{\"a\":[" + number + "]}");
        }

        @Test
        void keepsHalfASurrogatePairAsAnEscape() {
            assertThat(bodies("[\n\"\\ud83d\", {\"k\":\"\\ude00\\ud83d\\ude00\"}]"))
                    .containsExactly("\"\\ud83d\"", "{\"k\":\"\\ude00\ud83d\ude00\"}");
        }

        @Test
        void keepsWhatTheWorkerWillRefuse() {
            String deep = "[".repeat(1_500) + "]".repeat(1_500);
            String digits = "9".repeat(2_000);

            assertThat(bodies("[\n" + deep + "," + digits + "]")).containsExactly(deep, digits);
        }

        @Test
        void mayBeEmpty() {
            assertThat(bodies("[]")).isEmpty();
            assertThat(bodies("[\n]")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"[\n{\"a\":1},", "[\n{\"a\":1}, {\"b\":", "[\n{\"a\":1}\n{\"b\":2}]", "[{\"a\":1}, x]"})
        void thatBreaksOffIsRefused(String text) {
            assertThatThrownBy(() -> bodies(text)).isInstanceOf(JacksonException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"[\n1\n]\n{\"a\":1}", "[1] {\"a\":1}", "[\n1]]"})
        void thatSomethingFollowsIsRefused(String text) {
            assertThatThrownBy(() -> bodies(text)).isInstanceOf(JacksonException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a~~b~c         | 1, 3, 4
                    ~~a            | 3
                    [1]~~[2]       | 1, 3
                    ~[1,~2,3~~,4]  | 2, 3, 3, 5
                    [~{"a":~1},~2] | 2, 4
                    """)
    void carryTheNumberOfTheLineOnWhichTheyBegin(String text, String numbers) {
        List<Long> found = new ArrayList<>();
        MessageFile.of(new StringReader(text.replace('~', '\n'))).forEach(body -> found.add(body.line()));

        assertThat(found.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                .isEqualTo(numbers);
    }

    private static List<String> bodies(String text) {
        return MessageFile.of(new StringReader(text)).map(MessageBody::text).toList();
    }
}
