package dev.sluice.mask;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.ValidationResult;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Telephone numbers as ITU-T E.164 writes them. Stateless; numbering plans are loaded with the first number. */
public final class PhoneNumber {

    /** E.164, section 6.2.1: the country code included. */
    private static final int MAX_DIGITS = 15;

    /** Digits, grouped by what people and forms write; a longer text is not a number. */
    private static final Pattern SPELLING = Pattern.compile("\\(?\\+?[0-9 ()./\u00a0\u2010\u2011\u2013-]{1,40}");

    /** libphonenumber's own "unknown region": only numbers with a country code can be read. */
    private static final String NO_REGION = "ZZ";

    private PhoneNumber() {}

    /**
     * The number as {@code +} and digits: {@code +4930123456}.
     *
     * <p>Its length must be possible in its country. Whether its range is assigned is not checked: ranges are opened every
     * month, and a number must not depend on the age of this program. See {@link #isAssigned}.
     *
     * @param text digits with spaces, hyphens, dots, slashes and parentheses; no letters, no extension. A national number,
     *     or one that begins with an international prefix such as {@code 00}, needs the region
     * @param region one of {@link #regions()}, that of numbers without a country code; null if all have one
     * @return null for anything else
     */
    public static @Nullable String canonical(String text, @Nullable String region) {
        String number = e164(text, region);
        return number != null && isStable(number, text) ? number : null;
    }

    /** Whether reading the number again gives it again: a second trunk prefix would be dropped the second time only. */
    private static boolean isStable(String number, String text) {
        return text.equals(number) || number.equals(e164(number, null));
    }

    /**
     * Whether the number lies in a range that its country has assigned, as far as this program knows.
     *
     * @param canonical a result of {@link #canonical}
     */
    public static boolean isAssigned(String canonical) {
        Phonenumber.PhoneNumber number = parse(canonical, null);
        return number != null && Plans.UTIL.isValidNumber(number);
    }

    /** The regions whose national numbers can be read: two-letter codes of ISO 3166-1. */
    public static Set<String> regions() {
        return Plans.UTIL.getSupportedRegions();
    }

    /** {@link FixedSize#BYTES} bytes: the digits, packed; null if the text is not a number. */
    static byte @Nullable [] encode(String text, @Nullable String region) {
        String number = canonical(text, region);
        return number == null ? null : FixedSize.pack(number.substring(1));
    }

    /** The canonical text of an encoded number; null if the bytes are not one. */
    static @Nullable String decode(byte[] encoded) {
        String digits = FixedSize.unpack(encoded);
        return digits == null ? null : "+" + digits;
    }

    private static @Nullable String e164(String text, @Nullable String region) {
        Phonenumber.PhoneNumber number = SPELLING.matcher(text).matches() ? parse(text, region) : null;
        if (number == null || Plans.UTIL.isPossibleNumberWithReason(number) != ValidationResult.IS_POSSIBLE) {
            return null;
        }
        String formatted = Plans.UTIL.format(number, PhoneNumberFormat.E164);
        return formatted.length() <= 1 + MAX_DIGITS ? formatted : null;
    }

    private static Phonenumber.@Nullable PhoneNumber parse(String text, @Nullable String region) {
        try {
            return Plans.UTIL.parse(text, region == null ? NO_REGION : region);
        } catch (NumberParseException notANumber) {
            return null;
        }
    }

    /** Loaded on first use: a worker without telephone numbers reads no numbering plan. */
    private static final class Plans {
        static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
    }
}
