package dev.sluice.mask;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as text and as the 16 bytes of RFC 4291, IPv4 as {@code ::ffff:a.b.c.d} (section 2.5.5.2). Hand-written
 * because {@code InetAddress} accepts {@code 1}, {@code 127.1} and {@code 010.0.0.1}, and looks other names up in DNS.
 * Stateless.
 */
public final class IpAddress {

    /** The length in bytes of the result of {@link #parse}. */
    static final int BYTES = FixedSize.BYTES;

    /** The longest text of {@link #format}: eight groups of four digits, seven colons. */
    static final int MAX_TEXT = 39;

    /** Offset of the four bytes of an IPv4 address. */
    static final int V4_OFFSET = 12;

    /**
     * The longest spelling: six groups of four digits with their colons, then an IPv4 address (RFC 4291, section 2.2).
     */
    private static final int MAX_SPELLING = 45;

    private static final int GROUPS = 8;

    /** The longest text of {@link #network}: {@code xxxx:xxxx:xxxx::/48}. */
    static final int MAX_NETWORK_TEXT = 19;

    private static final int V4_NETWORK_END = 15;
    private static final int V6_NETWORK_END = 6;

    private IpAddress() {}

    /**
     * The address as four decimal octets, or by RFC 5952; an IPv4-mapped address as IPv4.
     *
     * @param text an IPv4 address of four plain decimal octets, or an IPv6 address in any spelling of RFC 4291, section 2.2
     * @return null for anything else
     */
    public static @Nullable String canonical(String text) {
        byte[] address = parse(text);
        return address == null ? null : format(address);
    }

    /**
     * Reads an IPv4 address of four plain decimal octets without leading zeros, or an IPv6 address in any spelling of
     * RFC 4291, section 2.2.
     *
     * @return 16 bytes; null for anything else: zones, brackets, ports, prefixes, short forms, hex, octal, names, white
     *     space, digits that are not ASCII
     */
    static byte @Nullable [] parse(String text) {
        if (text.length() > MAX_SPELLING) {
            return null;
        }
        if (text.indexOf(':') >= 0) {
            return new Ipv6Text(text).parse();
        }
        byte[] address = new byte[BYTES];
        address[V4_OFFSET - 2] = (byte) 0xff;
        address[V4_OFFSET - 1] = (byte) 0xff;
        return readV4(text, 0, address, V4_OFFSET) ? address : null;
    }

    /**
     * The network of an address, {@code 203.0.113.0/24} or {@code 2001:db8:1::/48}; null if the text is not an address. A
     * /24 is the smallest block that is routed between providers, a /48 the usual one of a site (RFC 6177, section 2).
     */
    static @Nullable String network(String text) {
        byte[] address = parse(text);
        if (address == null) {
            return null;
        }
        boolean v4 = isV4(address);
        Arrays.fill(address, v4 ? V4_NETWORK_END : V6_NETWORK_END, BYTES, (byte) 0);
        return format(address) + (v4 ? "/24" : "/48");
    }

    /** Whether the 16 bytes are an IPv4 address. */
    static boolean isV4(byte[] address) {
        for (int index = 0; index < V4_OFFSET - 2; index++) {
            if (address[index] != 0) {
                return false;
            }
        }
        return address[V4_OFFSET - 2] == (byte) 0xff && address[V4_OFFSET - 1] == (byte) 0xff;
    }

    /**
     * IPv4 as four decimal octets, IPv6 by RFC 5952, section 4: lower case, the first longest run of zero groups as
     * {@code ::}.
     */
    static String format(byte[] address) {
        return isV4(address) ? formatV4(address) : formatV6(address);
    }

    /** Reads four octets from {@code start} to the text's end into {@code target}; false if they are not an address. */
    static boolean readV4(String text, int start, byte[] target, int offset) {
        int at = start;
        for (int octet = 0; octet < 4; octet++) {
            int end = octet == 3 ? text.length() : text.indexOf('.', at);
            int value = end < 0 ? -1 : octet(text, at, end);
            if (value < 0) {
                return false;
            }
            target[offset + octet] = (byte) value;
            at = end + 1;
        }
        return true;
    }

    private static int octet(String text, int start, int end) {
        int digits = end - start;
        if (digits < 1 || digits > 3 || (digits > 1 && text.charAt(start) == '0')) {
            return -1;
        }
        int value = 0;
        for (int at = start; at < end; at++) {
            char digit = text.charAt(at);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = value * 10 + (digit - '0');
        }
        return value <= 255 ? value : -1;
    }

    private static String formatV4(byte[] address) {
        StringBuilder text = new StringBuilder(15);
        for (int index = V4_OFFSET; index < BYTES; index++) {
            text.append(index == V4_OFFSET ? "" : ".").append(address[index] & 0xff);
        }
        return text.toString();
    }

    private static String formatV6(byte[] address) {
        ZeroRun zeros = ZeroRun.longest(address);
        StringBuilder text = new StringBuilder(MAX_TEXT);
        for (int group = 0; group < GROUPS; group++) {
            if (group == zeros.start()) {
                text.append("::");
                group = zeros.end() - 1;
                continue;
            }
            text.append(group == 0 || group == zeros.end() ? "" : ":")
                    .append(Integer.toHexString(group(address, group)));
        }
        return text.toString();
    }

    private static int group(byte[] address, int group) {
        return ((address[2 * group] & 0xff) << 8) | (address[2 * group + 1] & 0xff);
    }

    /**
     * The groups that {@code ::} stands for, {@code end} exclusive; both -1 if there are none: a single group is
     * written (RFC 5952, section 4.2.2).
     */
    private record ZeroRun(int start, int end) {

        static ZeroRun longest(byte[] address) {
            ZeroRun longest = new ZeroRun(-1, -1);
            int start = 0;
            for (int group = 0; group < GROUPS; group++) {
                if (group(address, group) != 0) {
                    start = group + 1;
                } else if (group + 1 - start > Math.max(1, longest.end - longest.start)) {
                    longest = new ZeroRun(start, group + 1);
                }
            }
            return longest;
        }
    }
}
