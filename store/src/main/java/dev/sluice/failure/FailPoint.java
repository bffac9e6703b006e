package dev.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * The moments at which a crash could lose or duplicate a record. A test arms one by the system property
 * {@value #PROPERTY}, and the JVM halts there: no hook runs, no connection is closed. Otherwise {@link #pass()} compares
 * two constants.
 */
public enum FailPoint {
    /** A batch was received, nothing else has happened. */
    AFTER_RECEIVE,
    /** The batch is written; COMMIT comes next. */
    BEFORE_COMMIT,
    /** The batch is committed, nothing is deleted from the queue yet. */
    AFTER_COMMIT,
    /** One delete call was answered, others may follow. */
    BETWEEN_DELETES;

    /** The name of the point at which the JVM halts. */
    public static final String PROPERTY = "sluice.fail-point";

    /** What a shell reports for a process that SIGKILL ended: 128 plus the signal's number. */
    private static final int KILLED = 137;

    private static final @Nullable FailPoint ARMED = armed();

    /** Called at that moment. Does not return if this point is armed. */
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
