package dev.sluice.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells a row at fault from a table at fault, during one attempt at a batch. Nothing of it counts beyond the attempt
 * before {@link #committed}. One thread.
 */
final class Blame {

    /** A failure that took longer is a time-out more often than a verdict on a row, and ten of them take minutes. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    private static final int SLOW_WEIGHT = 4;

    private final @Nullable RejectionStreak streak;
    private boolean othersStored;
    private int failures;

    private Blame(@Nullable RejectionStreak streak) {
        this.streak = streak;
    }

    /** By what became of the batches before. */
    static Blame by(RejectionStreak streak) {
        return new Blame(streak);
    }

    /** For who has asked for these very rows: each is blamed for what it meets. */
    static Blame always() {
        return new Blame(null);
    }

    /** Forgets an earlier attempt at the same, which was rolled back. */
    void begin() {
        othersStored = false;
        failures = 0;
    }

    /** Some row was stored. */
    void stored() {
        othersStored = true;
    }

    /** Whether any row was stored in this attempt. */
    boolean hasStored() {
        return othersStored;
    }

    /** A record failed alone. One that failed before others went through says nothing about the table. */
    void failedAlone(String messageId, long nanos) {
        if (streak != null && !streak.othersStoredSince(messageId)) {
            failures += isSlow(nanos) ? SLOW_WEIGHT : 1;
        }
    }

    /** Several records failed together; counts when that took as long as no row should. */
    void failedSlowly(long nanos) {
        failures += isSlow(nanos) ? SLOW_WEIGHT : 0;
    }

    /** Whether the table as a whole is out of order, so that no row may be blamed. */
    boolean isTheTable() {
        return streak != null && !othersStored && streak.isLongWith(failures);
    }

    /** Remembers a message that failed. */
    void note(String messageId) {
        if (streak != null) {
            streak.note(messageId, othersStored);
        }
    }

    /** Counts what was seen for the batches to come. */
    void committed() {
        if (streak == null) {
            return;
        }
        if (othersStored) {
            streak.stored();
        } else {
            streak.failed(failures);
        }
    }

    static boolean isSlow(long nanos) {
        return nanos > SLOW.toNanos();
    }
}
