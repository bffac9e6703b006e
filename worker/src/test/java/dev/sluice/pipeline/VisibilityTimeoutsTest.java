package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** On a clock of its own: the background's rounds are far away (10 s), the test makes them itself. */
class VisibilityTimeoutsTest {

    private final FakeSource source = new FakeSource(new Events()).hidesFor(Duration.ofSeconds(30));
    private final AtomicLong nanos = new AtomicLong(-7);
    private final Message first = message("1", "a");
    private final Message second = message("2", "b");

    @Test
    void isOverATenthBeforeTheVisibilityTimeout() {
        try (VisibilityTimeouts timeouts = timeouts()) {
            pass(Duration.ofSeconds(27).minusNanos(1));
            assertThat(timeouts.isLive(first)).isTrue();

            pass(Duration.ofNanos(1));
            assertThat(timeouts.isLive(first)).isFalse();
        }
    }

    @Test
    void startsAgainWhenItIsExtended() {
        try (VisibilityTimeouts timeouts = timeouts()) {
            pass(Duration.ofSeconds(20));
            timeouts.extend();
            pass(Duration.ofSeconds(26));

            assertThat(timeouts.isLive(first)).isTrue();
            assertThat(source.extended).containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void isLostWithItsReceiptHandleAndNotExtendedAgain() {
        source.dead.add("1");
        try (VisibilityTimeouts timeouts = timeouts()) {
            timeouts.extend();
            timeouts.extend();

            assertThat(timeouts.isLive(first)).isFalse();
            assertThat(timeouts.isLive(second)).isTrue();
            assertThat(source.extended).containsExactlyInAnyOrder("1", "2", "2");
        }
    }

    @Test
    void isNotExtendedForWhatIsSettled() {
        try (VisibilityTimeouts timeouts = timeouts()) {
            timeouts.end(List.of(first));
            timeouts.extend();

            assertThat(source.extended).containsExactly("2");
        }
    }

    @Test
    void beginsWithTheCallThatBroughtItsMessage() {
        try (VisibilityTimeouts timeouts = new VisibilityTimeouts(source, nanos::get)) {
            long calledAt = nanos.get();
            pass(Duration.ofSeconds(15));
            timeouts.begin(List.of(first), calledAt);

            assertThat(source.extended).isEmpty();
            pass(Duration.ofSeconds(12));
            assertThat(timeouts.isLive(first)).isFalse();
        }
    }

    @Test
    void isExtendedAtOnceWhenTheCallThatBroughtItsMessageHung() {
        try (VisibilityTimeouts timeouts = new VisibilityTimeouts(source, nanos::get)) {
            long calledAt = nanos.get();
            pass(Duration.ofSeconds(29));
            timeouts.begin(List.of(first), calledAt);

            assertThat(source.extended).containsExactly("1");
            pass(Duration.ofSeconds(26));
            assertThat(timeouts.isLive(first)).isTrue();
        }
    }

    @Test
    void isThatOfTheNewerDeliveryOfAMessage() {
        Message again = new Message("1", "newer", first.sentAt(), 2, first.body());
        try (VisibilityTimeouts timeouts = timeouts()) {
            timeouts.begin(List.of(again), nanos.get());
            timeouts.begin(List.of(first), nanos.get());
            timeouts.extend();

            assertThat(source.extended).containsExactlyInAnyOrder("1", "2");
            assertThat(source.handles).contains("newer").doesNotContain(first.receiptHandle());
        }
    }

    @Test
    void isExtendedNoFurtherThanTheQueueAllows() {
        source.hidesFor(Duration.ofHours(5));
        try (VisibilityTimeouts timeouts = timeouts()) {
            pass(Duration.ofHours(4));
            timeouts.extend();
            assertThat(source.hiddenFor).containsEntry("1", Duration.ofHours(5));

            pass(Duration.ofHours(4));
            timeouts.extend();
            assertThat(source.hiddenFor.get("1")).isBetween(Duration.ofMinutes(239), Duration.ofHours(4));
            assertThat(timeouts.isLive(first)).isTrue();

            source.extended.clear();
            pass(Duration.ofHours(4));
            timeouts.extend();
            assertThat(source.extended).as("at the bound").isEmpty();
            assertThat(timeouts.isLive(first)).isFalse();
        }
    }

    @Test
    void isExtendedInTheBackground() {
        source.hidesFor(Duration.ofSeconds(1));
        try (VisibilityTimeouts timeouts = new VisibilityTimeouts(source)) {
            timeouts.begin(List.of(first), System.nanoTime());
            Awaitility.await().until(() -> source.extended.size() >= 5);

            assertThat(timeouts.isLive(first)).isTrue();
        }
    }

    private VisibilityTimeouts timeouts() {
        VisibilityTimeouts timeouts = new VisibilityTimeouts(source, nanos::get);
        timeouts.begin(List.of(first, second), nanos.get());
        return timeouts;
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
