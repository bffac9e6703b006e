package dev.sluice.recovery.unmask;

import dev.sluice.recovery.audit.RecoveryReason;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Why values are recovered, as recorded in the audit.
 *
 * @param reason why
 * @param ticket the case; of the form that {@link #isTicket} checks
 */
public record Purpose(RecoveryReason reason, String ticket) {

    /** Without dots and colons, so that an address entered by mistake does not become part of the audit. */
    private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_/#-]{0,63}");

    /** Rejects a ticket of another form. */
    public Purpose {
        Objects.requireNonNull(reason);
        if (!isTicket(ticket)) {
            throw new IllegalArgumentException("the ticket has the wrong form");
        }
    }

    /** Whether a text is a ticket: 1 to 64 letters, digits, {@code _ / # -}, the first a letter or digit. */
    public static boolean isTicket(String text) {
        return TICKET.matcher(text).matches();
    }
}
