package dev.sluice.access;

import java.util.Locale;

/**
 * Who sent a request.
 *
 * @param name of the token, or as the proxy says; {@code this machine} without either
 */
public record Caller(String name, Role role, Authentication authentication) {

    /** By what a caller is known. */
    public enum Authentication {
        /** Nothing: neither tokens nor a proxy are set up, and the port is reached from this machine only. */
        LOOPBACK,
        TOKEN,
        PROXY;

        /** As in JSON: in lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Role and authentication; the name may be a person's. */
    @Override
    public String toString() {
        return role.label() + " by " + authentication.label();
    }
}
