package dev.sluice.keys;

import java.util.Objects;

/**
 * Keys are missing, unreadable, readable by others, or do not match the pipeline. The message names the file, the field
 * and the remedy, never key material. The command stops (exit 78): without keys nothing can be masked.
 */
public final class KeysException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message for the operator */
    public KeysException(String message) {
        super(message);
    }

    /** Our own words for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
