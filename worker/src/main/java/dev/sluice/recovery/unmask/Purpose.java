package dev.sluice.recovery.unmask;

import dev.sluice.recovery.audit.RecoveryReason;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Why values are recovered, as it stands in the audit.
 *
 * @param reason why
 * @param ticket the case it belongs to; of the form that {@link #isTicket} tells
 */
public record Purpose(RecoveryReason reason, String ticket) {

    /** Without dots and colons: an address that was typed in the wrong place does not become part of the audit. */
    private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_/#-]{0,63}");

    /** Refuses a ticket that is none. */
    public Purpose {
        Objects.requireNonNull(reason);
        if (!isTicket(ticket)) {
            throw new IllegalArgumentException("the ticket is not of its form");
        }
    }

    /** Whether a text is a ticket: 1 to 64 letters, digits, {@code _ / # -}, the first a letter or digit. */
    public static boolean isTicket(String text) {
        return TICKET.matcher(text).matches();
    }
}
