package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Numeric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * Rules for numbers, read from their JSON text: nothing passes through a double. Methods return a value or a
 * {@link Reason}, as one {@link Object}.
 */
final class Numbers {

    /** RFC 8259, section 6. */
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");

    /** A column holds at most 1,000 digits, and an exponent of millions must never be expanded. */
    private static final int MAX_EXPONENT_DIGITS = 4;

    private Numbers() {}

    static boolean isJsonNumber(String text) {
        return JSON_NUMBER.matcher(text).matches();
    }

    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    /** A JSON whole number as {@link Integer}. */
    static Object integer(String text) {
        Object value = bigint(text);
        return value instanceof Long number && number == number.intValue() ? number.intValue() : Reason.OUT_OF_RANGE;
    }

    /** A JSON whole number as {@link Long}. */
    static Object bigint(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Reason.OUT_OF_RANGE;
        }
    }

    /** A JSON number as {@link BigDecimal} of the column's scale, if it is that without rounding. */
    static Object numeric(String text, Numeric type) {
        if (!exponentIsSmall(text)) {
            return Reason.OUT_OF_RANGE;
        }
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        if (value.scale() > type.scale() || value.precision() - value.scale() > type.precision() - type.scale()) {
            return value.signum() == 0 ? BigDecimal.ZERO.setScale(type.scale()) : Reason.OUT_OF_RANGE;
        }
        return value.setScale(type.scale(), RoundingMode.UNNECESSARY);
    }

    /** Whether a JSON number's exponent, if any, has at most {@value #MAX_EXPONENT_DIGITS} digits after its zeros. */
    static boolean exponentIsSmall(String text) {
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (e < 0) {
            return true;
        }
        int digits = e + 1;
        while (digits < text.length() && "+-0".indexOf(text.charAt(digits)) >= 0) {
            digits++;
        }
        return text.length() - digits <= MAX_EXPONENT_DIGITS;
    }
}
