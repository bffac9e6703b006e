package dev.sluice.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the problems of one file while it is read, and throws them together at the end. Not thread-safe. */
public final class Problems {

    private final String source;
    private final List<Problem> found = new ArrayList<>();
    private boolean incomplete;

    /** @param source the file's name, for the message */
    public Problems(String source) {
        this.source = source;
    }

    /**
     * Adds a problem; a duplicate is ignored.
     *
     * @param message what is wrong and what was expected, beginning with the key's path
     */
    void add(Location place, String message) {
        Problem problem = new Problem(place, message);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** Notes that a part of the file could not be parsed, so that what is missing may be there. */
    void markIncomplete() {
        incomplete = true;
    }

    /** Whether a key that is missing may be in a part that could not be parsed. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** How many problems there are so far; shows a reader whether a part of the file was valid. */
    int count() {
        return found.size();
    }

    /** @throws InvalidDocumentException listing all problems in the file's order, if there are any */
    public void throwIfAny() {
        if (found.isEmpty()) {
            return;
        }
        throw new InvalidDocumentException(
                source,
                found.stream()
                        .sorted(Comparator.comparingInt((Problem problem) -> problem.place.line())
                                .thenComparingInt(problem -> problem.place.column()))
                        .map(problem -> problem.place.line() + ":" + problem.place.column() + " " + problem.message)
                        .toList());
    }

    /** A position in a file; line and column count from 1, as in editors. */
    record Location(int line, int column) {}

    private record Problem(Location place, String message) {}
}
