package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    private static final long SEED = 5952;

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 00000000000000000000ffff00000000, 0.0.0.0",
        "255.255.255.255, 00000000000000000000ffffffffffff, 255.255.255.255",
        "10.0.100.9, 00000000000000000000ffff0a006409, 10.0.100.9",
        "::ffff:10.0.100.9, 00000000000000000000ffff0a006409, 10.0.100.9",
        "0:0:0:0:0:FFFF:0a00:6409, 00000000000000000000ffff0a006409, 10.0.100.9",
        "::, 00000000000000000000000000000000, ::",
        "::1, 00000000000000000000000000000001, ::1",
        "1::, 00010000000000000000000000000000, 1::",
        "2001:DB8:0:0:8:800:200C:417A, 20010db80000000000080800200c417a, 2001:db8::8:800:200c:417a",
        "2001:db8::8:800:200c:417a, 20010db80000000000080800200c417a, 2001:db8::8:800:200c:417a",
        "2001:db8:0:1:1:1:1:1, 20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 20010db8000000000001000000000001, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 20010000000000010000000000000001, 2001:0:0:1::1",
        "::13.1.68.3, 0000000000000000000000000d014403, ::d01:4403",
        "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221, 64:ff9b::c000:221",
        "1:2:3:4:5:6:7::, 00010002000300040005000600070000, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 00000002000300040005000600070008, 0:2:3:4:5:6:7:8",
        "abcd:ef01:2345:6789:abcd:ef01:255.255.255.255, abcdef0123456789abcdef01ffffffff,"
                + " abcd:ef01:2345:6789:abcd:ef01:ffff:ffff"
    })
    void bringsEverySpellingToItsBytesAndOneText(String spelling, String hex, String text) {
        byte[] address = IpAddress.parse(spelling);

        assertThat(address).isEqualTo(HexFormat.of().parseHex(hex));
        assertThat(address == null ? null : IpAddress.format(address)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "127.1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.",
                "256.1.1.1",
                "1.2.3.999",
                "1.2.3.1000",
                "010.0.0.1",
                "1.2.3.04",
                "00.0.0.0",
                "0x7f.0.0.1",
                "0x7f000001",
                "2130706433",
                "1.2.3.a",
                "-1.2.3.4",
                "+1.2.3.4",
                "1.2.3.4/32",
                "1.2.3.4:80",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4\n",
                "1.2.3.4\u0000",
                "\u0661.\u0662.\u0663.\u0664",
                "\uff11.2.3.4",
                "localhost",
                "example.com",
                "[::1]",
                "[::1]:80",
                "::1%eth0",
                "fe80::1%1",
                "::1/128",
                ":",
                ":::",
                "1:",
                ":1",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "12345::",
                "::00001",
                "::g",
                "::\u0661",
                "::-1",
                "::1.2.3",
                "::1.2.3.4.5",
                "::01.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:1.2.3.4",
                "::ffff:1.2.3.256",
                "\u0130::",
                "0000:0000:0000:0000:0000:ffff:255.255.255.2555"
            })
    void refusesWhateverIsNotStrictlyAnAddress(String spelling) {
        assertThat(IpAddress.parse(spelling)).isNull();
    }

    @Test
    void bringsAnySpellingOfAnyAddressToTheSameBytes() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] address = Spellings.address(random);
            String spelling = Spellings.of(address, random);

            assertThat(IpAddress.parse(spelling)).as(spelling).isEqualTo(address);
        }
    }

    @Test
    void readsWhatItWrote() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] address = Spellings.address(random);

            assertThat(IpAddress.parse(IpAddress.format(address))).isEqualTo(address);
            assertThat(IpAddress.format(address))
                    .hasSizeLessThanOrEqualTo(IpAddress.MAX_TEXT)
                    .isLowerCase();
        }
    }

    @Test
    void refusesOrReadsAnyTextButNeverFails() {
        Random random = new Random(SEED);
        int read = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] address = IpAddress.parse(Spellings.noise(random));
            read += address == null ? 0 : 1;
        }
        assertThat(read).isPositive();
    }
}
