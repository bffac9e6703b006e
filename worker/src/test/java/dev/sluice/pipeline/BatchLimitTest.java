package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchLimitTest {

    private static final int MOST = 6;

    private final Executor threads = task -> Thread.ofVirtual().start(task);
    private final BatchLimit limit = new BatchLimit(MOST, 1, 1_000);

    @Test
    void oneAtATimeWaitsWhileTheQueueIsDry() {
        BatchLimit.Turn first = limit.enter();
        CompletableFuture<BatchLimit.Turn> second = entering();

        assertThat(first.mayWait()).isTrue();
        assertThat(second).isNotCompleted();

        first.received(false, 10);
        assertThat(second.join().mayWait()).isTrue();
    }

    @Test
    void oneReceivesWhileOneIsStoredAndNoMoreWhileTheQueueIsDry() {
        limit.enter().received(false, 10);
        limit.enter().received(false, 10);

        assertThat(entering()).isNotCompleted();
    }

    @Test
    void othersReceiveWithoutWaitingWhileTheQueueHasMore() {
        limit.enter().received(true, 10);

        assertThat(limit.enter().mayWait()).isFalse();
    }

    @Test
    void admitsOneMoreForEachBatchThatFindsAFreeWriter() {
        limit.enter().received(true, 10);
        assertThat(limit.allowed()).isEqualTo(2);

        limit.write(() -> "stored");
        assertThat(limit.allowed()).isEqualTo(3);

        for (int batch = 0; batch < 2 * MOST; batch++) {
            limit.write(() -> "stored");
        }
        assertThat(limit.allowed()).isEqualTo(MOST);
    }

    @Test
    void admitsOneLessForEachBatchThatFindsOthersWaitingForAWriter() {
        limit.enter().received(true, 10);
        CountDownLatch stored = new CountDownLatch(1);
        List<CompletableFuture<String>> stores = new ArrayList<>();
        limit.write(() -> "stored");
        limit.write(() -> "stored");
        stores.add(storing(() -> await(stored)));
        Awaitility.await().until(() -> limit.allowed() == 5);

        for (int late = 0; late < 3; late++) {
            int waiting = late;
            stores.add(storing(() -> "stored"));
            Awaitility.await().until(() -> limit.waitingForWriter() == waiting + 1);
        }

        assertThat(limit.allowed()).isEqualTo(3);
        stored.countDown();
        stores.forEach(CompletableFuture::join);
    }

    @Test
    void startsAgainWhenTheQueueIsDry() {
        limit.enter().received(true, 10);
        for (int batch = 0; batch < MOST; batch++) {
            limit.write(() -> "stored");
        }

        limit.enter().close();

        assertThat(limit.allowed()).isEqualTo(2);
    }

    @Test
    void startsAgainWhenAReceiveFailsAndLetsTheNextOneTry() {
        BatchLimit.Turn failed = limit.enter();
        failed.close();

        assertThat(limit.enter().mayWait()).isTrue();
        assertThat(limit.allowed()).isEqualTo(2);
    }

    @Test
    void largeBodiesLeaveRoomForFewBatches() {
        limit.enter().received(true, 10);
        for (int batch = 0; batch < MOST; batch++) {
            limit.write(() -> "stored");
        }

        limit.enter().received(true, 300);
        assertThat(limit.allowed()).isEqualTo(3);

        limit.enter().received(true, 5_000);
        assertThat(limit.allowed()).isEqualTo(2);
    }

    /** So that a rule learns of the empty queue before another consumer waits for it. */
    @Test
    void aTurnThatReceivedNothingKeepsOthersFromReceivingUntilItEnds() {
        BatchLimit.Turn dry = limit.enter();
        CompletableFuture<BatchLimit.Turn> next = entering();

        dry.awaitOthers();

        assertThat(next).isNotCompleted();
        dry.close();
        assertThat(next.join().mayWait()).isTrue();
    }

    @Test
    void awaitsTheBatchesThatOthersHaveInFlight() {
        BatchLimit.Turn storing = limit.enter();
        storing.received(false, 10);
        BatchLimit.Turn dry = limit.enter();
        CompletableFuture<Void> alone = CompletableFuture.runAsync(dry::awaitOthers, threads);

        assertThat(alone).isNotCompleted();
        storing.close();
        alone.join();
    }

    private CompletableFuture<BatchLimit.Turn> entering() {
        return CompletableFuture.supplyAsync(limit::enter, threads);
    }

    private CompletableFuture<String> storing(Supplier<String> store) {
        return CompletableFuture.supplyAsync(() -> limit.write(store), threads);
    }

    private static String await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return "stored";
    }
}
