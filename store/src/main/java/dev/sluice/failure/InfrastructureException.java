package dev.sluice.failure;

import java.util.Objects;

/**
 * The queue, the KMS or the database failed. Created where the library's exception is caught, in {@code aws} and
 * {@code postgres.db}. Its message is ours: it never quotes the library, which may quote values, and for the same reason
 * there is no cause.
 */
public final class InfrastructureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /**
     * @param kind what the caller should do
     * @param message one sentence for the operator: what was tried, on what, the error code, and the remedy if there is
     *     one. No value of a message, no password.
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

    /** What the caller should do. */
    public Kind kind() {
        return kind;
    }

    /** Whether a later try may succeed. */
    public boolean isTransient() {
        return kind == Kind.TRANSIENT;
    }

    /** The kinds of failure, by what the caller should do. */
    public enum Kind {
        /** The other side is unavailable or busy: back off and try again. At start: exit 69. */
        TRANSIENT,
        /** Access is denied: stop, exit 77. */
        NOT_PERMITTED,
        /** A setting is wrong, or what it names does not exist: stop, exit 78. */
        CONFIG,
        /** A defect, ours or theirs: stop, exit 1. */
        FATAL
    }
}
