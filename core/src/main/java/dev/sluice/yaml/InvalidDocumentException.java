package dev.sluice.yaml;

import java.util.List;
import java.util.Objects;

/**
 * A file that a person wrote says something that cannot be done. The message lists every problem found, one a line, each
 * with line and column, so that one look mends them all. Whoever starts something stops (exit 78).
 */
public final class InvalidDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidDocumentException(String source, List<String> problems) {
        super(source + ": " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems") + "\n  "
                + String.join("\n  ", problems));
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
