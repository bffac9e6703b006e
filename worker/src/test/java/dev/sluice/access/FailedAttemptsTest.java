package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final FailedAttempts failures = new FailedAttempts(() -> now);

    private void fail(String source, int times) {
        for (int i = 0; i < times; i++) {
            failures.failed(source);
        }
    }

    @Test
    void aSourceIsLockedOutUntilTheMinuteIsOver() {
        fail("a", FailedAttempts.ALLOWED - 1);
        assertThat(failures.failsTooOften("a")).isFalse();

        fail("a", 1);
        assertThat(failures.failsTooOften("a")).isTrue();
        assertThat(failures.failsTooOften("b")).isFalse();

        now = now.plus(FailedAttempts.WINDOW);
        assertThat(failures.failsTooOften("a")).isFalse();
        fail("a", 1);
        assertThat(failures.failsTooOften("a")).isFalse();
    }

    @Test
    void manySourcesDoNotFillTheMemory() {
        for (int i = 0; i < 3 * FailedAttempts.MAX_SOURCES; i++) {
            failures.failed("source " + i);
        }

        assertThat(failures.sources()).isEqualTo(FailedAttempts.MAX_SOURCES);
    }
}
