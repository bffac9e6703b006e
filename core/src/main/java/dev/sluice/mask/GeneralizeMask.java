package dev.sluice.mask;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#GENERALIZE}: the network of an address, {@code 203.0.113.0/24} or {@code 2001:db8:1::/48}. A /24 is
 * the smallest block that is routed between providers, a /48 the usual one of a site (RFC 6177, section 2). Stateless.
 */
final class GeneralizeMask implements Mask {

    /** {@code xxxx:xxxx:xxxx::/48}. */
    static final int MAX_TEXT = 19;

    private static final int V4_NETWORK_END = 15;
    private static final int V6_NETWORK_END = 6;

    @Override
    public @Nullable String mask(String clear) {
        byte[] address = IpAddress.parse(clear);
        if (address == null) {
            return null;
        }
        boolean v4 = IpAddress.isV4(address);
        Arrays.fill(address, v4 ? V4_NETWORK_END : V6_NETWORK_END, IpAddress.BYTES, (byte) 0);
        return IpAddress.format(address) + (v4 ? "/24" : "/48");
    }
}
