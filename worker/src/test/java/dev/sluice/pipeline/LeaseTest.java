package dev.sluice.pipeline;

import static dev.sluice.pipeline.FakeSource.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** On a clock of its own: the background's rounds are far away (10 s), the test makes them itself. */
class LeaseTest {

    private final FakeSource source = new FakeSource(new Events()).hidesFor(Duration.ofSeconds(30));
    private final AtomicLong nanos = new AtomicLong(-7);
    private final Message first = message("1", "a");
    private final Message second = message("2", "b");

    @Test
    void isOverATenthBeforeTheVisibilityTimeout() {
        try (Lease lease = lease()) {
            pass(Duration.ofSeconds(27).minusNanos(1));
            assertThat(lease.isLive(first)).isTrue();

            pass(Duration.ofNanos(1));
            assertThat(lease.isLive(first)).isFalse();
        }
    }

    @Test
    void beginsAnewWhenItIsExtended() {
        try (Lease lease = lease()) {
            pass(Duration.ofSeconds(20));
            lease.extend();
            pass(Duration.ofSeconds(26));

            assertThat(lease.isLive(first)).isTrue();
            assertThat(source.extended).containsExactlyInAnyOrder("1", "2");
        }
    }

    @Test
    void isLostWithItsReceiptHandleAndNotExtendedAgain() {
        source.dead.add("1");
        try (Lease lease = lease()) {
            lease.extend();
            lease.extend();

            assertThat(lease.isLive(first)).isFalse();
            assertThat(lease.isLive(second)).isTrue();
            assertThat(source.extended).containsExactlyInAnyOrder("1", "2", "2");
        }
    }

    @Test
    void isNotExtendedForWhatIsSettled() {
        try (Lease lease = lease()) {
            lease.settled(List.of(first));
            lease.extend();

            assertThat(source.extended).containsExactly("2");
        }
    }

    @Test
    void isMuchLongerForWhatIsSetApartAndStaysSo() {
        try (Lease lease = lease()) {
            lease.setApart(first);
            lease.extend();
            pass(Duration.ofMinutes(5));

            assertThat(source.hiddenFor).containsEntry("2", Duration.ofSeconds(30));
            assertThat(source.hiddenFor).containsEntry("1", Duration.ofMinutes(6));
            assertThat(lease.isLive(first)).isTrue();
            assertThat(lease.isLive(second)).isFalse();
        }
    }

    @Test
    void isNoLongerThanTheQueueAllows() {
        source.hidesFor(Duration.ofHours(12));
        try (Lease lease = lease()) {
            lease.setApart(first);

            assertThat(source.hiddenFor.get("1")).isLessThanOrEqualTo(Duration.ofHours(12));
        }
    }

    @Test
    void isExtendedInTheBackground() {
        source.hidesFor(Duration.ofSeconds(1));
        try (Lease lease = Lease.of(source, List.of(first))) {
            Awaitility.await().until(() -> source.extended.size() >= 5);

            assertThat(lease.isLive(first)).isTrue();
        }
    }

    private Lease lease() {
        return new Lease(source, List.of(first, second), nanos::get);
    }

    private void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
