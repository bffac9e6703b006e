package dev.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * The instants at which a killed worker, or a killed replay of the quarantine, could lose or double a record, so that a test can kill it exactly there: the JVM
 * is halted, no hook runs, no connection is closed in order. Lies in this package because it is the one that all steps of
 * the path see. Armed by the system property {@value #PROPERTY} only; otherwise {@link #pass()} compares two constants.
 */
public enum FailPoint {
    /** A batch was received, nothing else was done. */
    AFTER_RECEIVE,
    /** The batch is written; its COMMIT is the next thing to be sent. */
    BEFORE_COMMIT,
    /** The batch is committed, nothing was deleted from the queue. */
    AFTER_COMMIT,
    /** One call that deletes was answered, others may follow. */
    BETWEEN_DELETES;

    /** Its value is the name of one of the points; the JVM is halted when that is passed for the first time. */
    public static final String PROPERTY = "sluice.fail-point";

    /** What a shell reports of a process ended by SIGKILL: 128 and the signal's number. */
    private static final int KILLED = 137;

    private static final @Nullable FailPoint ARMED = armed();

    /** Called by whoever gets there. Does not return when this is the point that is armed. */
    public void pass() {
        if (this == ARMED) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    private static @Nullable FailPoint armed() {
        String name = System.getProperty(PROPERTY);
        return name == null ? null : valueOf(name);
    }
}
