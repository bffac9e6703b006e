package dev.sluice.yaml;

import java.util.List;
import java.util.Objects;

/**
 * A file written by a person is invalid. The message lists every problem, one per line with line and column, so that
 * all can be fixed at once. The command stops (exit 78).
 */
public final class InvalidDocumentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidDocumentException(String source, List<String> problems) {
        super(source + ": " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems") + "\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem with its line and column, in the file's order. */
    public List<String> problems() {
        return problems;
    }

    /** Our own words for the operator; contains no value of the file. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
