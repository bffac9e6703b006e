package dev.sluice.mapping;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One test of a pipeline file: a message, and what becomes of it. Shows its name only: people copy messages.
 *
 * @param name unique in the file
 * @param sentAt when SQS accepted the message
 * @param body as it is sent
 */
record TestCase(String name, Instant sentAt, Attributes attributes, String body, Expectation expectation) {

    /** What becomes of a message. */
    sealed interface Expectation {

        /** One row for each record. */
        record Rows(List<RowExpectation> rows) implements Expectation {

            /** Copies the rows. */
            public Rows {
                rows = List.copyOf(rows);
            }
        }

        /**
         * The message's only outcome is a rejection.
         *
         * @param column the column that cannot be filled; null for any, or none
         */
        record Rejected(Reason reason, @Nullable String column) implements Expectation {}
    }

    /**
     * What some of a row's columns hold.
     *
     * @param columns by index in the pipeline
     */
    record RowExpectation(SortedMap<Integer, ValueExpectation> columns) {

        RowExpectation {
            columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
        }
    }

    /** What a column holds. */
    sealed interface ValueExpectation {

        /** SQL's NULL. */
        record Null() implements ValueExpectation {}

        /** A value of the class of the column's type, which has no mask. */
        record Clear(Object value) implements ValueExpectation {

            @Override
            public String toString() {
                return "Clear";
            }
        }

        /**
         * A value of a column with a mask.
         *
         * @param sameAs the test whose row has the same; null if that does not matter
         * @param notClear whether no column may hold the value in clear
         */
        record Masked(@Nullable String sameAs, boolean notClear) implements ValueExpectation {}
    }

    @Override
    public String toString() {
        return "TestCase[" + name + "]";
    }
}
