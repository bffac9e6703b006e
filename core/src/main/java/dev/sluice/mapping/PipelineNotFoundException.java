package dev.sluice.mapping;

import java.util.Objects;

/** The pipeline that a setting names does not exist or cannot be read. The command stops (exit 78). */
public final class PipelineNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PipelineNotFoundException(String message) {
        super(message);
    }

    /** Our own words for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
