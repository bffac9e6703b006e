package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @ParameterizedTest
    @CsvSource({
        "00:00:5e:00:53:af, 00:00:5e:00:53:af",
        "00:00:5E:00:53:AF, 00:00:5e:00:53:af",
        "00-00-5E-00-53-AF, 00:00:5e:00:53:af",
        "0000.5e00.53af, 00:00:5e:00:53:af",
        "0000-5e00-53af, 00:00:5e:00:53:af",
        "0000:5e00:53af, 00:00:5e:00:53:af",
        "00005e-0053af, 00:00:5e:00:53:af",
        "00005e0053AF, 00:00:5e:00:53:af",
        "02:00:5e:10:00:00:00:01, 02:00:5e:10:00:00:00:01",
        "02-00-5E-10-00-00-00-01, 02:00:5e:10:00:00:00:01",
        "0200.5e10.0000.0001, 02:00:5e:10:00:00:00:01",
        "02005e1000000001, 02:00:5e:10:00:00:00:01",
        "00:00:00:00:00:00, 00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff:ff:ff, ff:ff:ff:ff:ff:ff:ff:ff"
    })
    void bringsEverySpellingToOneAndBack(String text, String canonical) {
        byte[] encoded = MacAddress.encode(text);

        assertThat(MacAddress.canonical(text)).isEqualTo(canonical);
        assertThat(encoded).hasSize(FixedSize.BYTES).isEqualTo(MacAddress.encode(canonical));
        assertThat(encoded == null ? null : MacAddress.decode(encoded)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "00",
                "00:00:5e:00:53",
                "00:00:5e:00:53:af:",
                ":00:00:5e:00:53:af",
                "00:00:5e:00:53:af:01",
                "00:00:5e:00-53-af",
                "0:0:5e:0:53:af",
                "00:00:5e:00:53:ag",
                "00 00 5e 00 53 af",
                "00_00_5e_00_53_af",
                "0x00005e0053af",
                "00005e0053a",
                "00005e0053af0",
                "000:05e:005:3af",
                "00005e00:53af",
                "00005e.0053af.000001",
                "00:005e0053af",
                "0000:5e:0053af",
                "00:00:5e:00:53:af ",
                "00:00:5e:00:53:\u0661f",
                "02:00:5e:10:00:00:00:01:00"
            })
    void refusesEverythingElse(String text) {
        assertThat(MacAddress.canonical(text)).isNull();
        assertThat(MacAddress.encode(text)).isNull();
    }
}
