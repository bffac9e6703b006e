package dev.sluice.postgres.table;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a row or the table is at fault, during one attempt at a batch. Nothing of it counts beyond the attempt
 * until {@link #committed}. One thread.
 */
public final class Blame {

    /** A slower failure is more likely a timeout than a fault of the row, and ten of them take minutes. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    private static final int SLOW_WEIGHT = 4;

    private final @Nullable RejectionStreak streak;
    private boolean othersStored;
    private int failures;

    /** @param streak of earlier batches; null to blame every row for its own failure */
    public Blame(@Nullable RejectionStreak streak) {
        this.streak = streak;
    }

    /** Forgets an earlier attempt, which was rolled back. */
    void begin() {
        othersStored = false;
        failures = 0;
    }

    public void stored() {
        othersStored = true;
    }

    public boolean hasStored() {
        return othersStored;
    }

    /** A record failed alone. One that failed before, while others were stored, says nothing about the table. */
    public void failedAlone(String messageId, long nanos) {
        if (streak != null && !streak.othersStoredSince(messageId)) {
            failures += isSlow(nanos) ? SLOW_WEIGHT : 1;
        }
    }

    /** Several records failed together; counts when that took longer than rows should. */
    public void failedSlowly(long nanos) {
        failures += isSlow(nanos) ? SLOW_WEIGHT : 0;
    }

    /** Whether the table as a whole is at fault, so that no row may be blamed. */
    public boolean isTheTable() {
        return streak != null && !othersStored && streak.isLongWith(failures);
    }

    public void note(String messageId) {
        if (streak != null) {
            streak.note(messageId, othersStored);
        }
    }

    public void committed() {
        if (streak != null && othersStored) {
            streak.stored();
        } else if (streak != null) {
            streak.failed(failures);
        }
    }

    public static boolean isSlow(long nanos) {
        return nanos > SLOW.toNanos();
    }
}
