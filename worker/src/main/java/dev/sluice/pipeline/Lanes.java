package dev.sluice.pipeline;

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
public final class Lanes {

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    /** Together the lanes ask a failing queue at most once a second, the SDK's one retry of each call included. */
    private static final Duration FIRST_QUEUE_STEP_PER_LANE = Duration.ofSeconds(4);

    private final Pipeline pipeline;
    private final int lanes;
    private final Stop stop;
    private final Supplier<BackOff> queueBackOffs;

    /** @param lanes how many; at least 1 */
    public Lanes(Pipeline pipeline, int lanes, Stop stop) {
        this(pipeline, lanes, stop, () -> new BackOff(FIRST_QUEUE_STEP_PER_LANE.multipliedBy(lanes)));
    }

    Lanes(Pipeline pipeline, int lanes, Stop stop, Supplier<BackOff> queueBackOffs) {
        this.pipeline = pipeline;
        this.lanes = lanes;
        this.stop = stop;
        this.queueBackOffs = queueBackOffs;
    }

    /**
     * Blocks until every lane has ended, by its rule, by {@link Stop} or by a fault; nothing is in hand then.
     *
     * @param rules gives one rule per lane
     * @throws InfrastructureException the fault that ended the lanes, if it was none that passes; of several, one
     */
    public void run(Supplier<StopRule> rules) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = Stream.generate(rules)
                    .limit(lanes)
                    .map(rule -> threads.submit(lane(rule)))
                    .toList();
            running.forEach(Lanes::join);
        }
    }

    private Callable<Void> lane(StopRule rule) {
        return () -> {
            try {
                runLane(rule);
                return null;
            } catch (RuntimeException | Error e) {
                stop.ask();
                throw e;
            }
        };
    }

    private void runLane(StopRule rule) {
        BackOff backOff = queueBackOffs.get();
        while (isToGoOn(rule)) {
            try {
                rule.saw(pipeline.round(rule.patience()));
                backOff.reset();
            } catch (InfrastructureException e) {
                demandPassing(e);
                rule.failed();
                await(e, backOff.next());
            }
        }
    }

    private boolean isToGoOn(StopRule rule) {
        pipeline.awaitReady();
        return !stop.isAsked() && rule.goesOn();
    }

    private void await(InfrastructureException failure, Duration wait) {
        if (!stop.isAsked()) {
            LOG.warn("Trying again in {} s: {}", Math.max(1, wait.toSeconds()), failure.getMessage());
            stop.await(wait);
        }
    }

    private static void demandPassing(InfrastructureException failure) {
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
