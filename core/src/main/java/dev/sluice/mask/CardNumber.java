package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/** Payment card numbers (ISO/IEC 7812-1, section 4): 12 to 19 digits, the last a Luhn check digit. Stateless. */
public final class CardNumber {

    private static final int MIN_DIGITS = 12;
    private static final int MAX_DIGITS = 19;

    private CardNumber() {}

    /**
     * The number as digits only.
     *
     * @param text 12 to 19 ASCII digits, one space or hyphen at most between two of them. One of ten random numbers
     *     passes the check digit: a detector needs more evidence
     * @return null for anything else
     */
    public static @Nullable String canonical(String text) {
        if (text.length() >= 2 * MAX_DIGITS) {
            return null;
        }
        StringBuilder digits = new StringBuilder(MAX_DIGITS);
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (isDigit(character)) {
                digits.append(character);
            } else if (!isSeparator(text, at)) {
                return null;
            }
        }
        boolean size = digits.length() >= MIN_DIGITS && digits.length() <= MAX_DIGITS;
        return size && passesLuhn(digits) ? digits.toString() : null;
    }

    /** {@link FixedSize#BYTES} bytes: the digits, packed; null if the text is not a card number. */
    static byte @Nullable [] encode(String text) {
        String digits = canonical(text);
        return digits == null ? null : FixedSize.pack(digits);
    }

    /** A space or hyphen between two digits. */
    private static boolean isSeparator(String text, int at) {
        char character = text.charAt(at);
        return (character == ' ' || character == '-')
                && at > 0
                && at + 1 < text.length()
                && isDigit(text.charAt(at - 1))
                && isDigit(text.charAt(at + 1));
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** From the right, every second digit counts double, with its digits added; the sum is a multiple of ten. */
    private static boolean passesLuhn(CharSequence digits) {
        int sum = 0;
        for (int fromRight = 0; fromRight < digits.length(); fromRight++) {
            int digit = digits.charAt(digits.length() - 1 - fromRight) - '0';
            int weighted = fromRight % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }
}
