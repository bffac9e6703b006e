package dev.sluice.mapping;

import java.util.Objects;

/** The pipeline that a setting names is not to be had. Whoever starts something stops (exit 78). */
public final class PipelineNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PipelineNotFoundException(String message) {
        super(message);
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
