package dev.sluice.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * {@code numeric} as {@code numeric_recv} (PostgreSQL's {@code numeric.c}) reads it: count of digits to base 10,000, weight
 * of the first one, sign, decimal places to show, then the digits, 16 bits each. Stateless.
 */
final class NumericFormat {

    private static final int DIGIT_PLACES = 4;
    private static final short POSITIVE = 0x0000;
    private static final short NEGATIVE = 0x4000;

    private NumericFormat() {}

    static void write(CopyBuffer copy, BigDecimal value) {
        int scale = Math.max(value.scale(), 0);
        // Decimal places filled up to whole digits of four, so that the digits line up with the point.
        int fractionDigits = (scale + DIGIT_PLACES - 1) / DIGIT_PLACES;
        BigInteger whole = value.abs().setScale(fractionDigits * DIGIT_PLACES).unscaledValue();
        String decimal = whole.signum() == 0 ? "" : whole.toString();
        int digits = (decimal.length() + DIGIT_PLACES - 1) / DIGIT_PLACES;
        ByteBuffer field = copy.field(8 + 2 * digits);
        field.putShort((short) digits);
        field.putShort((short) (digits == 0 ? 0 : digits - fractionDigits - 1));
        field.putShort(value.signum() < 0 ? NEGATIVE : POSITIVE);
        field.putShort((short) scale);
        putDigits(field, decimal, digits);
    }

    private static void putDigits(ByteBuffer field, String decimal, int digits) {
        int end = decimal.length() - (digits - 1) * DIGIT_PLACES;
        for (int start = 0; start < decimal.length(); start = end, end += DIGIT_PLACES) {
            field.putShort((short) Integer.parseInt(decimal, start, end, 10));
        }
    }
}
