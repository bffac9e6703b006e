package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Books.Balance;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BooksTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Books books = new Books(now::get);

    @Test
    void isEvenWhenNothingCame() {
        assertThat(books.balance()).isEqualTo(new Balance(0, 0, 0, 0, 0, 0, Duration.ZERO));
        assertThat(books.balance().isEven()).isTrue();
    }

    @Test
    void isUnevenWhileSomethingIsInHand() {
        books.received(2);
        books.settled(Settlement.STORED);
        assertThat(books.balance().isEven()).isFalse();

        books.settled(Settlement.DEFERRED);
        assertThat(books.balance().isEven()).isTrue();
    }

    @Test
    void tellsTheTimeSinceItWasOpened() {
        now.set(Instant.EPOCH.plusSeconds(90));

        assertThat(books.balance().elapsed()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void undeletedMessagesAreNoPartOfTheBalance() {
        books.received(1);
        books.settled(Settlement.STORED);
        books.undeleted(1);

        assertThat(books.balance().isEven()).isTrue();
        assertThat(books.balance().undeletedMessages()).isEqualTo(1);
    }
}
