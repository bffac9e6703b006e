package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.ShutdownSignal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may work beside whom: two consumers, each on its own thread. What is isolated: {@link PipelineTest}. */
@Timeout(60)
class PoisonMessagesTest {

    private final PoisonMessages poison = new PoisonMessages(
            new FakeAttempts(new Events()),
            new CircuitBreaker("closed", () -> {}, new Availability(), new ShutdownSignal(), BackOff::new),
            false);
    private final ExecutorService first = Executors.newSingleThreadExecutor();
    private final ExecutorService second = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        first.shutdownNow();
        second.shutdownNow();
    }

    @Test
    void consumersWorkSideBySide() {
        run(poison::enter, first).join();

        assertThat(run(poison::enter, second)).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void oneWorksAloneOnlyWhenTheOtherHasLeft() {
        run(poison::enter, first).join();
        run(poison::enter, second).join();
        CompletableFuture<Void> alone = run(poison::workAlone, first);

        assertThat(alone).isNotDone();
        run(poison::leave, second).join();
        assertThat(alone).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void theOtherWaitsUntilNoneWorksAlone() {
        run(poison::enter, first).join();
        run(poison::workAlone, first).join();
        CompletableFuture<Void> other = run(poison::enter, second);

        assertThat(other).isNotDone();
        run(poison::workBesideOthers, first).join();
        assertThat(other).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void leavesFromWorkingAlone() {
        run(poison::enter, first).join();
        run(poison::workAlone, first).join();
        run(poison::leave, first).join();

        assertThat(run(poison::enter, second)).succeedsWithin(30, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> run(Runnable action, ExecutorService consumer) {
        return CompletableFuture.runAsync(action, consumer);
    }
}
