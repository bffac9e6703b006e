package dev.sluice.bench.scale;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Plays a fleet in small steps of time: messages are received, stored and deleted, each as fast as calls, workers and the
 * database allow, and no more are in flight than workers and the queue's quota let. A message is in flight from the call
 * that receives it to the answer of the call that deletes it. Batches, the start of a JVM and messages that come twice are
 * not played. Used by one thread.
 */
public final class Simulation {

    private static final double STEP_SECONDS = 0.001;

    /** Long enough for a pipeline with a second per call to fill. */
    private static final int STEPS = 60_000;

    private final Fleet fleet;

    /** What calls have taken and not yet answered: an entry per step, as long as the latency. */
    private final Deque<Double> receiving = new ArrayDeque<>();

    private final Deque<Double> deleting = new ArrayDeque<>();
    private double waiting;
    private double received;
    private double stored;
    private double inFlight;
    private double peak;

    private Simulation(Fleet fleet) {
        this.fleet = fleet;
        long delay = Math.round(fleet.latencySeconds() / STEP_SECONDS);
        for (long step = 0; step < delay; step++) {
            receiving.add(0.0);
            deleting.add(0.0);
        }
    }

    /** The second half of a minute. */
    public static Outcome of(Fleet fleet) {
        Simulation simulation = new Simulation(fleet);
        double done = 0;
        for (int step = 0; step < STEPS; step++) {
            double now = simulation.step();
            done += step >= STEPS / 2 ? now : 0;
        }
        return new Outcome(fleet, done / (STEPS / 2 * STEP_SECONDS), simulation.peak);
    }

    /** Messages deleted in this step. */
    private double step() {
        waiting = Double.isInfinite(fleet.offered()) ? fleet.offered() : waiting + fleet.offered() * STEP_SECONDS;
        double taken = least(waiting, fleet.window() - inFlight, fleet.receivesPerSecond() * STEP_SECONDS);
        waiting -= taken;
        inFlight += taken;
        peak = Math.max(peak, inFlight);
        receiving.add(taken);
        received += receiving.remove();
        double storing = least(received, fleet.storesPerSecond() * STEP_SECONDS);
        received -= storing;
        stored += storing;
        double ending = least(stored, fleet.deletesPerSecond() * STEP_SECONDS);
        stored -= ending;
        deleting.add(ending);
        double ended = deleting.remove();
        inFlight -= ended;
        return ended;
    }

    private static double least(double... limits) {
        double least = Double.POSITIVE_INFINITY;
        for (double limit : limits) {
            least = Math.min(least, limit);
        }
        return Math.max(0, least);
    }

    /**
     * What came of it.
     *
     * @param throughput messages per second
     * @param inFlight the most at a time
     */
    public record Outcome(Fleet fleet, double throughput, double inFlight) {

        /** Below it, a limit counts as reached. */
        private static final double NEARLY = 0.98;

        /** Seconds from the call that receives a message to the end of the call that deletes it, on average. */
        public double secondsInFlight() {
            return inFlight / throughput;
        }

        /** Seconds until a backlog is gone; infinity if it grows. */
        public double drainSeconds(double backlog) {
            double spare = Double.isInfinite(fleet.offered())
                    ? throughput
                    : Simulation.of(fleet.busy()).throughput() - fleet.offered();
            return spare > 0 ? backlog / spare : Double.POSITIVE_INFINITY;
        }

        /** Requests to SQS per second: receives and deletes of ten, and extensions at each third of the visibility timeout. */
        public double requestsPerSecond() {
            double extensions = Math.floor(secondsInFlight() / (fleet.visibilitySeconds() / 3));
            return throughput * (2 + extensions) / Fleet.PER_CALL;
        }

        /** What keeps the fleet from storing more. */
        public String limit() {
            double least = least(
                    fleet.offered(),
                    fleet.receivesPerSecond(),
                    fleet.deletesPerSecond(),
                    fleet.workers() * fleet.workerRate(),
                    fleet.databaseRate() / fleet.recordsPerMessage());
            if (throughput < NEARLY * least) {
                return fleet.window() == Fleet.QUOTA ? "messages in flight: the queue's quota" : "batches in flight";
            }
            if (least == fleet.offered()) {
                return "none: it stores all that is sent";
            }
            if (least == fleet.databaseRate() / fleet.recordsPerMessage()) {
                return "the database";
            }
            return least == fleet.workers() * fleet.workerRate() ? "the workers' processors" : "calls to SQS at a time";
        }
    }
}
