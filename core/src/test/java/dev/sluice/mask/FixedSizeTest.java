package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedSizeTest {

    @ParameterizedTest
    @CsvSource({
        "'', ffffffffffffffffffffffffffffffff",
        "0, 0fffffffffffffffffffffffffffffff",
        "4930123456, 4930123456ffffffffffffffffffffff",
        "6304000000000000000, 6304000000000000000fffffffffffff"
    })
    void packsDigitsIntoOneBlockAndBack(String digits, String hex) {
        byte[] packed = FixedSize.pack(digits);

        assertThat(packed).isEqualTo(HexFormat.of().parseHex(hex));
        assertThat(FixedSize.unpack(packed)).isEqualTo(digits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "12ffffffffffffffffffffffffffff",
                "12fffffffffffffffffffffffffffff1",
                "1f2fffffffffffffffffffffffffffff",
                "1affffffffffffffffffffffffffffff",
                "12ffffffffffffffffffffffffffffffff"
            })
    void unpacksOnlyWhatItPacked(String hex) {
        assertThat(FixedSize.unpack(HexFormat.of().parseHex(hex))).isNull();
    }
}
