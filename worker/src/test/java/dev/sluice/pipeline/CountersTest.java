package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Counters.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CountersTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Counters counters = new Counters(now::get);

    @Test
    void isEvenWhenNothingCame() {
        assertThat(counters.summary()).isEqualTo(new Summary(0, 0, 0, 0, 0, 0, Duration.ZERO));
        assertThat(counters.summary().isBalanced()).isTrue();
    }

    @Test
    void isUnevenWhileSomethingIsInHand() {
        counters.received(2);
        counters.settled(Settlement.STORED);
        assertThat(counters.summary().isBalanced()).isFalse();

        counters.settled(Settlement.DEFERRED);
        assertThat(counters.summary().isBalanced()).isTrue();
    }

    @Test
    void reportsTheTimeSinceItBegan() {
        now.set(Instant.EPOCH.plusSeconds(90));

        assertThat(counters.summary().elapsed()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void undeletedMessagesAreNoPartOfTheBalance() {
        counters.received(1);
        counters.settled(Settlement.STORED);
        counters.undeleted(1);

        assertThat(counters.summary().isBalanced()).isTrue();
        assertThat(counters.summary().undeletedMessages()).isEqualTo(1);
    }
}
