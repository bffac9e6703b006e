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
 * Runs the pipeline in several lanes at once, each on a virtual thread with at most one batch in hand: while one stores,
 * another receives. Passing faults are waited out: a receive's by the lane that meets it, of the database and of deletes
 * by all ({@link CircuitBreaker}); any other fault ends all lanes after their round.
 */
public final class Consumers {

    private static final Logger LOG = LoggerFactory.getLogger(Consumers.class);

    /** Together the lanes ask a failing queue at most once a second, the SDK's one retry of each call included. */
    private static final Duration FIRST_QUEUE_STEP_PER_LANE = Duration.ofSeconds(4);

    private final Pipeline pipeline;
    private final int count;
    private final ShutdownSignal stop;
    private final Supplier<BackOff> queueBackOffs;

    /** @param lanes how many; at least 1 */
    public Consumers(Pipeline pipeline, int lanes, ShutdownSignal stop) {
        this(pipeline, lanes, stop, () -> new BackOff(FIRST_QUEUE_STEP_PER_LANE.multipliedBy(lanes)));
    }

    Consumers(Pipeline pipeline, int lanes, ShutdownSignal stop, Supplier<BackOff> queueBackOffs) {
        this.pipeline = pipeline;
        this.count = lanes;
        this.stop = stop;
        this.queueBackOffs = queueBackOffs;
    }

    /**
     * Blocks until every lane has ended, by its rule, by {@link ShutdownSignal} or by a fault; nothing is in hand then.
     *
     * @param rules gives one rule per lane
     * @throws InfrastructureException the fault that ended the lanes, if it was none that passes; of several, one
     */
    public void run(Supplier<StopRule> rules) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = Stream.generate(rules)
                    .limit(count)
                    .map(rule -> threads.submit(consumer(rule)))
                    .toList();
            running.forEach(Consumers::join);
        }
    }

    private Callable<Void> consumer(StopRule rule) {
        return () -> {
            try {
                runConsumer(rule);
                return null;
            } catch (RuntimeException | Error e) {
                stop.request();
                throw e;
            }
        };
    }

    private void runConsumer(StopRule rule) {
        BackOff backOff = queueBackOffs.get();
        while (shouldContinue(rule)) {
            try {
                rule.received(pipeline.processBatch(rule.waitTime()));
                backOff.reset();
            } catch (InfrastructureException e) {
                requireTransient(e);
                rule.failed();
                await(e, backOff.next());
            }
        }
    }

    private boolean shouldContinue(StopRule rule) {
        pipeline.awaitReady();
        return !stop.isRequested() && rule.shouldContinue();
    }

    private void await(InfrastructureException failure, Duration wait) {
        if (!stop.isRequested()) {
            LOG.warn("Trying again in {} s: {}", Math.max(1, wait.toSeconds()), failure.getMessage());
            stop.await(wait);
        }
    }

    private static void requireTransient(InfrastructureException failure) {
        if (failure.kind() != InfrastructureException.Kind.TRANSIENT) {
            throw failure;
        }
    }

    private static void join(Future<Void> lane) {
        try {
            lane.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a lane ended with a checked exception", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException(
                    InfrastructureException.Kind.FATAL, "Interrupted while lanes were running.");
        }
    }
}
