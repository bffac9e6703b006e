package dev.sluice.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final RateLimiter limiter = new RateLimiter(100, now::get);

    @Test
    void addsUpWhatAllThreadsWrote() {
        assertThat(limiter.delayAfter(50)).isEqualTo(Duration.ofMillis(500));
        assertThat(limiter.delayAfter(50)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void savesNothingUp() {
        limiter.delayAfter(100);
        now.addAndGet(Duration.ofSeconds(60).toNanos());

        assertThat(limiter.delayAfter(100)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void doesNotDelayWithoutALimit() {
        assertThat(new RateLimiter(0, now::get).delayAfter(1_000_000)).isZero();
    }
}
