package dev.sluice.recovery.rewrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final RateLimiter throttle = new RateLimiter(100, now::get);

    @Test
    void addsUpWhatAllThreadsWrote() {
        assertThat(throttle.wrote(50)).isEqualTo(Duration.ofMillis(500));
        assertThat(throttle.wrote(50)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void savesNothingUp() {
        throttle.wrote(100);
        now.addAndGet(Duration.ofSeconds(60).toNanos());

        assertThat(throttle.wrote(100)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void isNoneWhenNoneWasAskedFor() {
        assertThat(new RateLimiter(0, now::get).wrote(1_000_000)).isZero();
    }
}
