package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control of the search: whatever form a value is hidden in here, it must be found. */
class CanaryTest {

    /** Holds bytes that base64 writes with both of its special characters, and some that a URL escapes. */
    private static final String VALUE = "ip=2001:db8::~~~???/\u00ff\u00fe";

    private final Canary canary = new Canary(VALUE);

    @Test
    void isFoundAsItIs() {
        assertThat(canary.isIn("before " + VALUE + " after")).isTrue();
    }

    @Test
    void isFoundInHexOfBothCases() {
        assertThat(canary.isIn("00" + HexFormat.of().formatHex(VALUE.getBytes(UTF_8)) + "00"))
                .isTrue();
        assertThat(canary.isIn(HexFormat.of().withUpperCase().formatHex(VALUE.getBytes(UTF_8))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "abcd"})
    void isFoundInBase64OfBothAlphabetsWhereverItBegins(String before) {
        byte[] text = (before + VALUE + "xyz").getBytes(UTF_8);

        assertThat(canary.isIn(Base64.getEncoder().encodeToString(text))).isTrue();
        assertThat(canary.isIn(Base64.getUrlEncoder().withoutPadding().encodeToString(text)))
                .isTrue();
    }

    @Test
    void isFoundUrlEncoded() {
        assertThat(canary.isIn("?q=" + URLEncoder.encode(VALUE, UTF_8) + "&r=1"))
                .isTrue();
    }

    @Test
    void isNotFoundInWhatDoesNotHoldIt() {
        assertThat(canary.isIn("ip=2001:db8::" + HexFormat.of().formatHex("other".getBytes(UTF_8))))
                .isFalse();
    }
}
