package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 32",
        "31, 32",
        "32, 64",
        "63, 64",
        "64, 128",
        "127, 128",
        "128, 256",
        "255, 256",
        "256, 384",
        "300, 384",
        "2147483647, 2147483648"
    })
    void padsToTheNextStepThatLeavesRoomForTheMark(int length, long padded) {
        assertThat(Text.paddedLength(length)).isEqualTo(padded);
    }

    @Test
    void takesThePaddingOffAgain() {
        for (int length = 0; length <= 300; length++) {
            byte[] text = new byte[length];
            // Ends as the padding begins and goes on: the hard cases.
            Arrays.fill(text, length % 2 == 0 ? (byte) 0 : (byte) 0x80);

            byte[] padded = Text.pad(text);

            assertThat(padded).hasSize((int) Text.paddedLength(length));
            assertThat(Arrays.copyOf(padded, length)).isEqualTo(text);
            assertThat(Text.unpaddedLength(padded)).isEqualTo(length);
        }
    }

    @Test
    void findsNoTextInWhatIsNotPadded() {
        assertThat(Text.unpaddedLength(new byte[0])).isEqualTo(-1);
        assertThat(Text.unpaddedLength(new byte[32])).isEqualTo(-1);
        assertThat(Text.unpaddedLength(new byte[] {1, 2, 0})).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00", "ends \ud83d"})
    void refusesHalfASurrogatePair(String text) {
        assertThat(Text.encode(text)).isNull();
    }

    @Test
    void refusesBytesThatAreNoText() {
        assertThat(Text.decode(new byte[] {(byte) 0xc3})).isNull();
        assertThat(Text.decode(new byte[] {'o', 'k'})).isEqualTo("ok");
    }
}
