package dev.sluice.mask;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Forms that are encrypted as 16 bytes whatever the value, so that a token's length reveals nothing. Stateless. */
final class FixedSize {

    /** One block of AES: an IPv6 address fills it, and 19 digits or an EUI-64 fit. */
    static final int BYTES = 16;

    /** Above every digit: fills what digits leave free. */
    private static final int FILLER = 0xf;

    private FixedSize() {}

    /**
     * Packs decimal digits, two to a byte (packed BCD), filled with {@code 0xf}.
     *
     * @param digits up to 32 ASCII digits
     */
    static byte[] pack(String digits) {
        byte[] packed = new byte[BYTES];
        Arrays.fill(packed, (byte) 0xff);
        for (int at = 0; at < digits.length(); at++) {
            int shift = at % 2 == 0 ? 4 : 0;
            int clear = packed[at / 2] & ~(FILLER << shift);
            packed[at / 2] = (byte) (clear | (digits.charAt(at) - '0') << shift);
        }
        return packed;
    }

    /** The digits that {@link #pack} packed; null if the bytes are not its result. */
    static @Nullable String unpack(byte[] packed) {
        StringBuilder digits = new StringBuilder();
        for (int at = 0; at < 2 * packed.length; at++) {
            int digit = (packed[at / 2] >> (at % 2 == 0 ? 4 : 0)) & 0xf;
            if (digit == FILLER) {
                break;
            }
            digits.append((char) ('0' + digit));
        }
        String unpacked = digits.toString();
        boolean exact = packed.length == BYTES && unpacked.chars().allMatch(digit -> digit <= '9');
        return exact && Arrays.equals(pack(unpacked), packed) ? unpacked : null;
    }
}
