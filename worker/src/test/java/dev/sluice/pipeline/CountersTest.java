package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Counters.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CountersTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Counters books = new Counters(now::get);

    @Test
    void isEvenWhenNothingCame() {
        assertThat(books.summary()).isEqualTo(new Summary(0, 0, 0, 0, 0, 0, Duration.ZERO));
        assertThat(books.summary().isBalanced()).isTrue();
    }

    @Test
    void isUnevenWhileSomethingIsInHand() {
        books.received(2);
        books.settled(Settlement.STORED);
        assertThat(books.summary().isBalanced()).isFalse();

        books.settled(Settlement.DEFERRED);
        assertThat(books.summary().isBalanced()).isTrue();
    }

    @Test
    void tellsTheTimeSinceItWasOpened() {
        now.set(Instant.EPOCH.plusSeconds(90));

        assertThat(books.summary().elapsed()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void undeletedMessagesAreNoPartOfTheBalance() {
        books.received(1);
        books.settled(Settlement.STORED);
        books.undeleted(1);

        assertThat(books.summary().isBalanced()).isTrue();
        assertThat(books.summary().undeletedMessages()).isEqualTo(1);
    }
}
