package dev.sluice.mask;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {

    @ParameterizedTest
    @CsvSource({
        "+4930123456,, +4930123456",
        "+49 30 123456,, +4930123456",
        "+49 (0)30 / 123-456,, +4930123456",
        "(+49) 30.123.456,, +4930123456",
        "+49\u00a030\u2013123456,, +4930123456",
        "030 123456, DE, +4930123456",
        "030123456, DE, +4930123456",
        "0049 30 123456, DE, +4930123456",
        "+1 (202) 555-0123, DE, +12025550123",
        "(202) 555-0123, US, +12025550123",
        "1-202-555-0123, US, +12025550123",
        "011 49 30 123456, US, +4930123456",
        "+39 06 1234 5678,, +390612345678",
        "06 1234 5678, IT, +390612345678",
        "020 7946 0958, GB, +442079460958",
        "+54 9 11 2345-6789,, +5491123456789",
        "+800 1234 5678,, +80012345678"
    })
    void bringsEverySpellingToE164(String text, @Nullable String region, String e164) {
        assertThat(PhoneNumber.canonical(text, region)).isEqualTo(e164);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+",
                "()",
                "12",
                "+49",
                "+4930",
                "030 123456",
                "0049 30 123456",
                "+999 30 123456",
                "+49 30 123456 ext. 7",
                "+49 30 123456x7",
                "+1 800 FLOWERS",
                "tel:+4930123456",
                "Phone +4930123456",
                "+4930123456;phone-context=x",
                "+49+30123456",
                "\u0664\u0669+4930123456",
                "+\u0664\u06690123456",
                "\uff0b4930123456",
                "+4930123456\n",
                "+4930123456 +4930123457",
                "+493012345678901234"
            })
    void refusesWhatIsNotANumberWithItsCountryCode(String text) {
        assertThat(PhoneNumber.canonical(text, null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "030 123456 ext. 7",
                "1.2.3.4x",
                "no number",
                "0123456789012345678901234567890123456789012"
            })
    void refusesWhatIsNotANumberOfTheRegion(String text) {
        assertThat(PhoneNumber.canonical(text, "DE")).isNull();
    }

    @Test
    void acceptsARangeThatNobodyHasAssignedYet() {
        String unassigned = "+15555550123";

        assertThat(PhoneNumber.canonical(unassigned, null)).isEqualTo(unassigned);
        assertThat(PhoneNumber.isAssigned(unassigned)).isFalse();
        assertThat(PhoneNumber.isAssigned("+12025550123")).isTrue();
        assertThat(PhoneNumber.isAssigned("+")).isFalse();
    }

    /** A recovered number that is masked again must get its token back, in every country. */
    @Test
    void readsTheExampleOfEveryRegionInEveryFormatAsItself() {
        PhoneNumberUtil util = PhoneNumberUtil.getInstance();

        assertThat(PhoneNumber.regions()).hasSizeGreaterThan(240);
        for (String region : PhoneNumber.regions()) {
            Phonenumber.PhoneNumber example = util.getExampleNumber(region);
            String e164 = util.format(example, PhoneNumberFormat.E164);
            for (PhoneNumberFormat format :
                    List.of(PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)) {
                assertThat(PhoneNumber.canonical(util.format(example, format), region))
                        .as("%s %s", region, format)
                        .isEqualTo(e164);
            }
            assertThat(PhoneNumber.canonical(e164, null)).isEqualTo(e164);
        }
    }

    @Test
    void refusesANumberThatWouldReadDifferentlyTheSecondTime() {
        for (int zeros = 1; zeros < 5; zeros++) {
            String canonical = PhoneNumber.canonical("+49" + "0".repeat(zeros) + "30123456", null);

            assertThat(canonical == null ? "+4930123456" : canonical).isEqualTo("+4930123456");
        }
    }
}
