package dev.sluice.keys;

import java.util.Objects;

/**
 * Keys are missing, unreadable, too widely readable, or do not fit the pipeline. The message names the file, the field and the remedy,
 * never key material. Whoever starts something stops (exit 78): without keys nothing is masked, so nothing may run.
 */
public final class KeysException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message for the operator */
    public KeysException(String message) {
        super(message);
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
