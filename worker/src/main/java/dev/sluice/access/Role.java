package dev.sluice.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. The weaker first: each may do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look, and replay quarantined records. */
    OPERATOR;

    /** As in files, flags and JSON: in lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    static Optional<Role> labelled(String label) {
        return Arrays.stream(values())
                .filter(role -> role.label().equals(label))
                .findFirst();
    }
}
