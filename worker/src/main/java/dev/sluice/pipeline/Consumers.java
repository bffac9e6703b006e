package dev.sluice.pipeline;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline in several consumers, each on a virtual thread with at most one batch in flight: while one stores,
 * others receive and delete, as many at a time as {@link BatchLimit} admits. Transient failures are waited out: of a receive by the consumer itself, of the database and of deletes
 * by all ({@link CircuitBreaker}). Any other failure ends all consumers after their batch.
 */
public final class Consumers {

    private static final Logger LOG = LoggerFactory.getLogger(Consumers.class);

    /** A failing queue, which one consumer calls at a time, is called at most once a second, including the retry of each call. */
    private static final Duration FIRST_QUEUE_STEP = Duration.ofSeconds(4);

    private final Pipeline pipeline;
    private final ShutdownSignal shutdown;
    private final Supplier<BackOff> queueBackOffs;

    /** As many as the pipeline's limit may ever admit. */
    public Consumers(Pipeline pipeline, ShutdownSignal shutdown) {
        this(pipeline, shutdown, () -> new BackOff(FIRST_QUEUE_STEP));
    }

    Consumers(Pipeline pipeline, ShutdownSignal shutdown, Supplier<BackOff> queueBackOffs) {
        this.pipeline = pipeline;
        this.shutdown = shutdown;
        this.queueBackOffs = queueBackOffs;
    }

    /**
     * Blocks until every consumer has ended, by its rule, by {@link ShutdownSignal} or by a failure; then nothing is in
     * flight.
     *
     * @param rule for all of them
     * @throws InfrastructureException the failure that ended the consumers, unless it is transient; of several, one
     */
    public void run(StopRule rule) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = Stream.generate(() -> threads.submit(consumer(rule)))
                    .limit(pipeline.limit().most())
                    .toList();
            running.forEach(Consumers::join);
        }
    }

    private Callable<Void> consumer(StopRule rule) {
        return () -> {
            try {
                consume(rule);
                return null;
            } catch (RuntimeException | Error e) {
                shutdown.request();
                throw e;
            } finally {
                pipeline.vitals().stop();
            }
        };
    }

    private void consume(StopRule rule) {
        BackOff backOff = queueBackOffs.get();
        boolean goesOn = true;
        while (goesOn) {
            try (BatchLimit.Turn turn = pipeline.limit().enter()) {
                goesOn = shouldContinue(rule);
                if (goesOn) {
                    processBatch(turn, rule, backOff);
                }
            }
            pipeline.vitals().stop(); // it waits for its next turn: nothing is slow
        }
    }

    private void processBatch(BatchLimit.Turn turn, StopRule rule, BackOff backOff) {
        try {
            int received = pipeline.processBatch(turn, turn.mayWait() ? rule.waitTime() : Duration.ZERO);
            LOG.debug("A batch of {} messages is processed.", received);
            if (received > 0 || turn.mayWait()) {
                rule.received(received, turn::awaitOthers);
            } else {
                rule.inconclusive();
            }
            backOff.reset();
        } catch (InfrastructureException failure) {
            if (!failure.isTransient()) {
                throw failure;
            }
            rule.inconclusive();
            await(failure, backOff.next());
        }
    }

    private boolean shouldContinue(StopRule rule) {
        pipeline.awaitReady();
        pipeline.vitals().step();
        return !shutdown.isRequested() && rule.shouldContinue();
    }

    private void await(InfrastructureException failure, Duration wait) {
        if (!shutdown.isRequested()) {
            pipeline.vitals().receiving().failed(failure, wait);
            LOG.warn("Trying again in {} s: {}", Math.max(1, wait.toSeconds()), failure.getMessage());
            shutdown.await(wait);
        }
    }

    private static void join(Future<Void> consumer) {
        try {
            consumer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a consumer ended with a checked exception", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException(
                    InfrastructureException.Kind.FATAL, "Interrupted while consumers were running.");
        }
    }
}
