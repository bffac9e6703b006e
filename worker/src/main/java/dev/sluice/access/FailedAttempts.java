package dev.sluice.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts failed authentications by source, to tell one that fails too often to wait. It keeps no valid token out: a token of
 * 256 bits is not guessed, and whoever shares an address could otherwise keep its users out. Of bounded size; thread-safe.
 */
final class FailedAttempts {

    /** Enough for somebody who pastes the wrong token a few times in a page that polls. */
    static final int ALLOWED = 10;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** The source that failed longest ago is forgotten first. */
    static final int MAX_SOURCES = 1_000;

    private final InstantSource clock;
    private final Map<String, Failures> bySource = new LinkedHashMap<>();

    FailedAttempts(InstantSource clock) {
        this.clock = clock;
    }

    /** @param count within the window that began then */
    private record Failures(Instant since, int count) {}

    synchronized boolean failsTooOften(String source) {
        Failures failures = bySource.get(source);
        if (failures == null) {
            return false;
        }
        if (isOver(failures)) {
            bySource.remove(source);
            return false;
        }
        return failures.count >= ALLOWED;
    }

    synchronized void failed(String source) {
        Failures before = bySource.remove(source);
        Failures after = before == null || isOver(before)
                ? new Failures(clock.instant(), 1)
                : new Failures(before.since, before.count + 1);
        bySource.put(source, after);
        if (bySource.size() > MAX_SOURCES) {
            bySource.remove(bySource.keySet().iterator().next());
        }
    }

    private boolean isOver(Failures failures) {
        return !clock.instant().isBefore(failures.since.plus(WINDOW));
    }

    synchronized int sources() {
        return bySource.size();
    }
}
