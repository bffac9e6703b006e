package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyBytesTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\u00fc\u20ac", "\ud83d\ude00", "a\u0000"})
    void encodesTextAsUtf8(String body) {
        assertThat(BodyBytes.of(body)).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\ude00\ud83d", "\ud83d\ude00\ud83d", "\ud83dx\u20ac"})
    void letsNoHalfOfASurrogatePairPassAsAQuestionMark(String body) {
        byte[] bytes = BodyBytes.of(body);

        assertThat(bytes).doesNotContain('?');
        assertThatThrownBy(() -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void writesThreeBytesForHalfAPair() {
        assertThat(BodyBytes.of("x\ud83dy")).isEqualTo(new byte[] {'x', (byte) 0xED, (byte) 0xA0, (byte) 0xBD, 'y'});
    }
}
