package dev.sluice.failure;

import java.util.Objects;

/**
 * The queue or the database did not do what it was asked. Made once, at the edge of {@code sqs} or {@code postgres};
 * its message is ours and bears no text of the driver, which may quote values, and no cause, for the same reason.
 */
public final class InfrastructureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /**
     * @param kind what the caller is to do
     * @param message one sentence for the operator: what was tried, on what, the code it failed with, and the remedy if
     *     there is one. No value of a message, no password.
     */
    public InfrastructureException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** What the caller is to do. */
    public Kind kind() {
        return kind;
    }

    /** What a failure asks of the caller. */
    public enum Kind {
        /** The other side is away or busy: back off and try again. At start: exit 69. */
        TRANSIENT,
        /** We are not allowed: stop, exit 77. */
        NOT_PERMITTED,
        /** A setting is wrong, or what it names does not exist: stop, exit 78. */
        CONFIG,
        /** A defect, ours or theirs: stop, exit 1. */
        FATAL
    }
}
