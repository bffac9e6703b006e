package dev.sluice.mask;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Hardware addresses, EUI-48 and EUI-64 (IEEE 802-2014, section 8). The two are different identifiers: the EUI-64 that
 * some systems derive from an EUI-48 is not converted back. Stateless.
 */
public final class MacAddress {

    private static final int EUI_48 = 6;
    private static final int EUI_64 = 8;

    /** The longest spelling: eight pairs of digits, seven separators. */
    private static final int MAX_SPELLING = 23;

    private static final HexFormat CANONICAL = HexFormat.ofDelimiter(":");

    private MacAddress() {}

    /**
     * The address in lower-case pairs with colons: {@code 00:1a:2b:3c:4d:5e}.
     *
     * @param text 12 or 16 hex digits of either case, bare or in equal groups of two, four or six, with the same
     *     separator {@code :}, {@code -} or {@code .} between all groups. Bare numbers of 12 or 16 digits qualify too: a
     *     detector needs more evidence for those
     * @return null for anything else
     */
    public static @Nullable String canonical(String text) {
        byte[] address = bytes(text);
        return address == null ? null : CANONICAL.formatHex(address);
    }

    /** {@link FixedSize#BYTES} bytes: the address's six or eight, marked and filled with zeros. */
    static byte @Nullable [] encode(String text) {
        byte[] address = bytes(text);
        return address == null ? null : Text.pad(address, FixedSize.BYTES);
    }

    /** The canonical text of an encoded address; null if the bytes are not one. */
    static @Nullable String decode(byte[] encoded) {
        int length = Text.unpaddedLength(encoded);
        return length == EUI_48 || length == EUI_64 ? CANONICAL.formatHex(Arrays.copyOf(encoded, length)) : null;
    }

    private static byte @Nullable [] bytes(String text) {
        if (text.length() > MAX_SPELLING) {
            return null;
        }
        String digits = digits(text);
        boolean complete = digits != null && (digits.length() == 2 * EUI_48 || digits.length() == 2 * EUI_64);
        return complete ? HexFormat.of().parseHex(digits) : null;
    }

    /** The hex digits without separators; null if there is another character or the groups are unequal. */
    private static @Nullable String digits(String text) {
        int group = 0;
        while (group < text.length() && HexFormat.isHexDigit(text.charAt(group))) {
            group++;
        }
        if (group == text.length()) {
            return text;
        }
        char separator = text.charAt(group);
        boolean usual = (group == 2 || group == 4 || group == 6) && ":-.".indexOf(separator) >= 0;
        return usual && (text.length() + 1) % (group + 1) == 0 ? joined(text, group, separator) : null;
    }

    private static @Nullable String joined(String text, int group, char separator) {
        StringBuilder digits = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (at % (group + 1) == group) {
                if (character != separator) {
                    return null;
                }
            } else if (HexFormat.isHexDigit(character)) {
                digits.append(character);
            } else {
                return null;
            }
        }
        return digits.toString();
    }
}
