package dev.sluice.recovery.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is told to the audit. Who and when are not in it: the database says that.
 *
 * @param action what is done
 * @param reason why; null where the action needs none
 * @param ticket the case it belongs to, as the organisation names it; null where the action needs none
 * @param pipeline the pipeline's name
 * @param valueCount how many masked values are asked for, which counts against the actor's day; 0 or more
 * @param details the rest: tokens, counts, names of columns; never a clear value
 */
public record Entry(
        Action action,
        @Nullable Reason reason,
        @Nullable String ticket,
        String pipeline,
        int valueCount,
        Details details) {

    /** Refuses what the table would. */
    public Entry {
        Objects.requireNonNull(action);
        if (valueCount < 0) {
            throw new IllegalArgumentException("valueCount is negative");
        }
    }

    /** An entry that asks for no value. */
    public static Entry of(Action action, String pipeline, Details details) {
        return new Entry(action, null, null, pipeline, 0, details);
    }
}
