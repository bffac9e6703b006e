package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are those that card networks publish for tests. */
class CardNumberTest {

    @ParameterizedTest
    @CsvSource({
        "4111111111111111, 4111111111111111",
        "4111 1111 1111 1111, 4111111111111111",
        "4111-1111-1111-1111, 4111111111111111",
        "3782 822463 10005, 378282246310005",
        "3056 9309 0259 04, 30569309025904",
        "4222222222222, 4222222222222",
        "501800000009, 501800000009",
        "6304 0000 0000 0000 000, 6304000000000000000",
        "6-3-0-4-0-0-0-0-0-0-0-0-0-0-0-0-0-0-0, 6304000000000000000"
    })
    void bringsEverySpellingToItsDigits(String text, String digits) {
        assertThat(CardNumber.canonical(text)).isEqualTo(digits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "4111111111111112",
                "4111111111111",
                "49927398716",
                "00000000000",
                "00000000000000000000",
                "4111  1111 1111 1111",
                " 4111111111111111",
                "4111111111111111 ",
                "4111111111111111-",
                "4111.1111.1111.1111",
                "4111\u00a01111\u00a01111\u00a01111",
                "411111111111111I",
                "\u06641111111111111111",
                "4111111111111111/12"
            })
    void refusesEverythingElse(String text) {
        assertThat(CardNumber.canonical(text)).isNull();
    }

    @Test
    void findsEveryWrongDigit() {
        String number = "4111111111111111";

        for (int at = 0; at < number.length(); at++) {
            for (char digit = '0'; digit <= '9'; digit++) {
                String altered = number.substring(0, at) + digit + number.substring(at + 1);
                assertThat(CardNumber.canonical(altered)).isEqualTo(altered.equals(number) ? number : null);
            }
        }
    }
}
