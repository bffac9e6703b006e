package dev.sluice.mask;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reads one IPv6 address (RFC 4291, section 2.2): eight groups of one to four hex digits, {@code ::} once for one or
 * more groups of zeros, the last two groups also as an IPv4 address. Used once, by one thread.
 */
final class Ipv6Text {

    private static final int NO_GAP = -1;

    private final String text;
    private final byte[] address = new byte[IpAddress.BYTES];
    private int at;
    private int filled;
    private int gap = NO_GAP;

    Ipv6Text(String text) {
        this.text = text;
    }

    /** The 16 bytes; null if the text is not an address. */
    byte @Nullable [] parse() {
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            if (!part() || !separator()) {
                return null;
            }
        }
        return closeGap() ? address : null;
    }

    /** One group, or the IPv4 address at the end. */
    private boolean part() {
        int end = text.indexOf(':', at);
        if (end >= 0) {
            return group(end);
        }
        return text.indexOf('.', at) >= 0 ? embeddedV4() : group(text.length());
    }

    private boolean group(int end) {
        int digits = end - at;
        if (digits < 1 || digits > 4 || filled == IpAddress.BYTES) {
            return false;
        }
        int value = 0;
        for (; at < end; at++) {
            if (!HexFormat.isHexDigit(text.charAt(at))) {
                return false;
            }
            value = (value << 4) | HexFormat.fromHexDigit(text.charAt(at));
        }
        address[filled++] = (byte) (value >> 8);
        address[filled++] = (byte) value;
        return true;
    }

    private boolean embeddedV4() {
        if (filled > IpAddress.V4_OFFSET || !IpAddress.readV4(text, at, address, filled)) {
            return false;
        }
        filled += 4;
        at = text.length();
        return true;
    }

    /** The end, {@code :} before another part, or the one {@code ::}. */
    private boolean separator() {
        if (at == text.length()) {
            return true;
        }
        at++; // the colon that ended the part
        if (at == text.length()) {
            return false;
        }
        if (text.charAt(at) == ':') {
            at++;
            return openGap();
        }
        return true;
    }

    private boolean openGap() {
        if (gap != NO_GAP) {
            return false;
        }
        gap = filled;
        return true;
    }

    /** Moves what was read after {@code ::} to the end. */
    private boolean closeGap() {
        if (gap == NO_GAP) {
            return filled == IpAddress.BYTES;
        }
        int zeros = IpAddress.BYTES - filled;
        if (zeros < 2) {
            return false;
        }
        System.arraycopy(address, gap, address, gap + zeros, filled - gap);
        Arrays.fill(address, gap, gap + zeros, (byte) 0);
        return true;
    }
}
