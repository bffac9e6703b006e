package dev.sluice.mapping;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a test of a pipeline file ended.
 *
 * @param name the test's
 * @param differences between what it expects and what became of its message; empty if it passed
 */
public record TestResult(String name, List<Difference> differences) {

    /** Copies the differences. */
    public TestResult {
        differences = List.copyOf(differences);
    }

    /** Whether there is no difference. */
    public boolean passed() {
        return differences.isEmpty();
    }

    /** Shows how many differences there are. */
    @Override
    public String toString() {
        return "TestResult[" + differences.size() + " differences]";
    }

    /**
     * Something that was not as expected. Its texts show values of columns without a mask only, and reasons.
     *
     * @param record index in the message, from 0; null if one is expected, or the difference is not one record's
     * @param column null if the difference is not one column's
     */
    public record Difference(@Nullable Integer record, @Nullable String column, String expected, String actual) {

        /** Shows where, not what. */
        @Override
        public String toString() {
            return "Difference[record " + record + "]";
        }
    }
}
