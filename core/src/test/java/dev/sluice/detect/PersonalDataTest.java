package dev.sluice.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {

    /** Documentation's addresses (RFC 2606, 5737, 3849), the test numbers of card networks, IBANs of ISO 13616's examples. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "EMAIL; ann@example.com",
                "EMAIL; Ann.B+news@mail.example.co.uk",
                "IP; 192.0.2.10",
                "IP; 203.0.113.77",
                "IP; 2001:db8::1",
                "MAC; 00:1a:2b:3c:4d:5e",
                "MAC; 001a.2b3c.4d5e",
                "CARD; 4111 1111 1111 1111",
                "CARD; 5555555555554444",
                "CARD; 378282246310005",
                "IBAN; DE89 3704 0044 0532 0130 00",
                "IBAN; GB29NWBK60161331926819",
                "PHONE; +49 30 901820",
                "PHONE; (212) 736-5000"
            })
    void recognisesByForm(PersonalData kind, String text) {
        assertThat(Arrays.stream(PersonalData.values()).filter(one -> one.matches(text)))
                .containsExactly(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4",
                "10.0.19.2041",
                "4.18.0.193",
                "2.3.0",
                "user@host",
                "@handle",
                "12:30:45",
                "4111111111111112",
                "1234567890123452",
                "2026-03-01",
                "2026-03-01T12:00:00Z",
                "DE89370400440532013001",
                "+1",
                "555-0100",
                "12345678901",
                "593-47-5928",
                "6513270e-269e-4d37-b2a7-4de452e6b438",
                "iPhone",
                "",
                "€"
            })
    void leavesOtherTextsAlone(String text) {
        assertThat(Arrays.stream(PersonalData.values()).filter(kind -> kind.matches(text)))
                .isEmpty();
    }

    /** One of ten random numbers passes the check digit, so an order number is not a card. */
    @Test
    void idsThatPassACheckDigitByChanceAreNotReported() {
        Random random = new Random(1);
        for (int sample = 0; sample < 50; sample++) {
            assertThat(scan(200, i -> "4" + String.format("%015d", random.nextLong(1_000_000_000_000_000L)))
                            .sightings())
                    .isEmpty();
        }
    }

    @Test
    void versionsOfFourPartsAreNotReported() {
        Random random = new Random(2);

        assertThat(scan(
                                1000,
                                i -> random.nextInt(30) + "." + random.nextInt(20) + "." + random.nextInt(20) + "."
                                        + random.nextInt(256))
                        .sightings())
                .isEmpty();
    }

    @Test
    void reportsCountsAndWhatToDo() {
        List<Sighting> sightings =
                scan(100, i -> i < 93 ? "user" + i + "@example.com" : "unknown").sightings();

        assertThat(sightings)
                .extracting(Sighting::sentence)
                .containsExactly(
                        "column c: 93 of 100 values look like e-mail addresses; mask it, or say `contains: email`"
                                + " if it is meant");
    }

    @Test
    void aFewAddressesInFreeTextsAreNotReported() {
        assertThat(scan(1000, i -> i < 50 ? "user" + i + "@example.com" : "some words")
                        .sightings())
                .isEmpty();
    }

    @Test
    void blankValuesDoNotCount() {
        assertThat(scan(100, i -> i < 90 ? " " : " 192.0.2." + i + " ").sightings())
                .singleElement()
                .satisfies(sighting -> assertThat(sighting.values()).isEqualTo(10));
    }

    private static ColumnScan scan(int values, IntFunction<String> value) {
        ColumnScan scan = new ColumnScan("c");
        IntStream.range(0, values).mapToObj(value).forEach(scan::add);
        return scan;
    }
}
