package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShutdownSignalTest {

    private final ShutdownSignal stop = new ShutdownSignal();

    @Test
    void waitEndsByItselfWithoutARequest() {
        assertThat(stop.await(Duration.ofMillis(1))).isFalse();
        assertThat(stop.isRequested()).isFalse();
    }

    @Test
    void doesNotWaitForATimeThatHasPassed() {
        assertThat(stop.await(Duration.ofSeconds(-1))).isFalse();
    }

    @Test
    void wakesAllWhoWait() throws Exception {
        CompletableFuture<Boolean> one = CompletableFuture.supplyAsync(() -> stop.await(Duration.ofHours(1)));
        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> stop.await(Duration.ofHours(1)));

        stop.request();

        assertThat(one.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void staysRequestedHoweverOftenItIsRequested() {
        stop.request();
        stop.request();

        assertThat(stop.isRequested()).isTrue();
        assertThat(stop.await(Duration.ofHours(1))).isTrue();
    }

    @Test
    void takesAnInterruptForARequestAndKeepsIt() {
        Thread.currentThread().interrupt();

        assertThat(stop.await(Duration.ofHours(1))).isTrue();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(stop.isRequested()).isTrue();
    }

    @Test
    void waitsForTimesOfCenturies() {
        stop.request();

        assertThat(stop.await(Duration.ofDays(999_999))).isTrue();
    }
}
