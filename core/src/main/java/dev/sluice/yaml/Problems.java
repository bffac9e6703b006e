package dev.sluice.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with one file, gathered while it is read, thrown at the end. Not thread-safe. */
public final class Problems {

    private record Problem(Location place, String message) {}

    private final String source;
    private final List<Problem> found = new ArrayList<>();

    /** @param source the file's name, for the message */
    public Problems(String source) {
        this.source = source;
    }

    /**
     * Notes a problem; the same one twice is one.
     *
     * @param message what is wrong and what was expected, beginning with the key's path
     */
    public void add(Location place, String message) {
        Problem problem = new Problem(place, message);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** How many were noted so far; lets a reader tell whether a part of the file was sound. */
    public int count() {
        return found.size();
    }

    /** @throws InvalidDocumentException with all problems in the file's order, if there is any */
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
}
