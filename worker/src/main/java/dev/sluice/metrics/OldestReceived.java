package dev.sluice.metrics;

import java.util.Arrays;
import java.util.OptionalLong;

/** The largest of the ages that messages had when they were received, over about the last minute. Thread-safe. */
final class OldestReceived {

    private static final int SLOTS = 12;
    private static final long SLOT_NANOS = 5_000_000_000L;

    /** By slot, the largest age; -1 for none. */
    private final long[] millis = new long[SLOTS];

    private long newest = slot(System.nanoTime());

    OldestReceived() {
        Arrays.fill(millis, -1);
    }

    private static long slot(long nanos) {
        return Math.floorDiv(nanos, SLOT_NANOS);
    }

    synchronized void add(long ageMillis) {
        expire();
        int now = Math.floorMod(newest, SLOTS);
        millis[now] = Math.max(millis[now], ageMillis);
    }

    synchronized OptionalLong max() {
        expire();
        return Arrays.stream(millis).filter(age -> age >= 0).max();
    }

    private void expire() {
        long now = slot(System.nanoTime());
        for (long slot = Math.max(newest + 1, now - SLOTS + 1); slot <= now; slot++) {
            millis[Math.floorMod(slot, SLOTS)] = -1;
        }
        newest = now;
    }
}
