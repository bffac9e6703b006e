package dev.sluice.recovery.bruteforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateSpaceTest {

    @Test
    void numbersAllAddressesInTheirOrder() {
        CandidateSpace all = CandidateSpace.ipv4();

        assertThat(all.size()).isEqualTo(4_294_967_296L);
        assertThat(all.text(0)).isEqualTo("0.0.0.0");
        assertThat(all.text(0x0a00_00ffL)).isEqualTo("10.0.0.255");
        assertThat(all.text(0xcb00_7107L)).isEqualTo("203.0.113.7");
        assertThat(all.text(all.size() - 1)).isEqualTo("255.255.255.255");
    }

    @Test
    void numbersAllGroupsOfDigits() {
        CandidateSpace all = CandidateSpace.numbers();

        assertThat(all.text(0)).isEqualTo("000-00-0000");
        assertThat(all.text(12_034_056)).isEqualTo("012-03-4056");
        assertThat(all.text(all.size() - 1)).isEqualTo("999-99-9999");
    }

    /** Held against the plain way to write them, at every octet and every group, of one to three digits. */
    @Test
    void writesTextsAsFormattingDoes() {
        LongStream.range(0, 4_096).map(at -> at * 0x0010_0801L % (1L << 32)).forEach(at -> assertThat(
                        CandidateSpace.ipv4().text(at))
                .isEqualTo((at >>> 24) + "." + (at >>> 16 & 255) + "." + (at >>> 8 & 255) + "." + (at & 255)));
        LongStream.range(0, 4_096).map(at -> at * 244_141 % 1_000_000_000).forEach(at -> {
            String digits = String.format("%09d", at);
            assertThat(CandidateSpace.numbers().text(at))
                    .isEqualTo(digits.substring(0, 3) + "-" + digits.substring(3, 5) + "-" + digits.substring(5));
        });
    }

    @Test
    void takesPartOfTheAddresses() {
        CandidateSpace network = CandidateSpace.network("198.51.100.128/25").orElseThrow();

        assertThat(network.size()).isEqualTo(128);
        assertThat(network.text(0)).isEqualTo("198.51.100.128");
        assertThat(network.text(127)).isEqualTo("198.51.100.255");
        assertThat(CandidateSpace.network("0.0.0.0/0")).contains(CandidateSpace.ipv4());
        assertThat(CandidateSpace.network("203.0.113.7/32").orElseThrow().size())
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.1/24",
                "198.51.100.0",
                "198.51.100.0/33",
                "256.0.0.0/8",
                "010.0.0.0/8",
                "10/8",
                "::/0"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThat(CandidateSpace.network(text)).isEmpty();
    }
}
