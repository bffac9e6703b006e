package dev.sluice.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** Tells this machine from others: what stays on it needs no TLS. Looks nothing up. Stateless. */
public final class Loopback {

    /** 127.0.0.0/8 (RFC 1122, 3.2.1.3). A longer number is not an address and would be looked up as a name. */
    private static final Pattern IPV4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    private Loopback() {}

    /**
     * Whether a host is this machine, by name or address: localhost and the names below it (RFC 6761, 6.3), 127.0.0.0/8,
     * ::1 (RFC 4291, 2.5.3).
     *
     * @param host an IPv6 address with or without brackets
     */
    public static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("::1")
                || name.equals("[::1]")
                || IPV4.matcher(name).matches();
    }
}
