package dev.sluice.bench;

import dev.sluice.bench.Scenario.Case;
import dev.sluice.bench.measure.Load;
import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Table;
import dev.sluice.bench.scale.Fleet;
import dev.sluice.bench.scale.Simulation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One, two and four workers on one queue and one database: without latency, where the processors of this machine are the
 * limit, and with so much that calls are. The simulation gets what a single worker without latency costs, and has to find
 * all the rest.
 */
final class Workers {

    static final String SCENARIO = "workers";

    /** A call that takes this long lets a worker delete 5,000 messages a second. */
    private static final int LATENCY_MILLIS = 200;

    private static final int[] COUNTS = {1, 2, 4};

    /** Of each worker, for a run of ten seconds or more. */
    private static final int MESSAGES = 400_000;

    private static final int MESSAGES_WITH_LATENCY = 100_000;

    static final List<Metric> METRICS = List.of(
            Metric.RATE,
            Metric.WARM_RATE,
            Metric.WARM_CLIENT_CPU,
            Metric.DATABASE_CPU,
            Metric.STUB_CPU,
            Metric.REQUESTS,
            Metric.IN_FLIGHT,
            Metric.SURPLUS_ROWS,
            Metric.PEAK_MEMORY,
            Metric.TABLE_BYTES,
            Metric.LEDGER_BYTES,
            Metric.WAL_BYTES);

    /** Without latency the messages are the same for all, since the processors are. */
    static final List<Case> CASES = Stream.concat(
                    IntStream.of(COUNTS).mapToObj(count -> measured(count, 0, MESSAGES)),
                    IntStream.of(COUNTS)
                            .mapToObj(count -> measured(count, LATENCY_MILLIS, count * MESSAGES_WITH_LATENCY)))
            .toList();

    private static final double MILLION = 1e6;

    /** The settings' defaults. */
    private static final int BATCH_MESSAGES = 1_000;

    private static final int CONSUMERS = 2;
    private static final double VISIBILITY_SECONDS = 60;

    private Workers() {}

    private static Case measured(int count, int latencyMillis, int messages) {
        String behaviour = latencyMillis == 0 ? "" : "latencyMillis=" + latencyMillis;
        return new Case(name(count, latencyMillis), new Load(messages, behaviour, 0, count, Load.Ending.DRAINED));
    }

    private static String name(int count, int latencyMillis) {
        return (count == 1 ? "1 worker" : count + " workers")
                + (latencyMillis == 0 ? ", no latency" : ", " + latencyMillis + " ms per SQS call");
    }

    /** Measured and simulated points side by side, with the error of the simulation; empty without the first point. */
    static String compared(Results results) {
        Optional<Double> cpuSeconds = cpuSecondsPerMessage(results);
        if (cpuSeconds.isEmpty()) {
            return "";
        }
        Table table = new Table(List.of("what", "measured messages/s", "simulated", "error"));
        for (int latency : new int[] {0, LATENCY_MILLIS}) {
            for (int count : COUNTS) {
                results.median(name(count, latency), Contenders.SLUICE, Metric.WARM_RATE)
                        .ifPresent(measured -> table.row(
                                row(name(count, latency), measured, simulated(count, latency, cpuSeconds.get()))));
            }
        }
        return "### Simulated beside measured, warm\n\n" + table.markdown() + "\n" + share(results, cpuSeconds.get());
    }

    /** The simulation has all processors for itself: what others took of them is part of its error. */
    private static String share(Results results, double cpuSeconds) {
        double used =
                results.median(name(1, 0), Contenders.SLUICE, Metric.WARM_RATE).orElse(0.0)
                        * cpuSeconds
                        / Runtime.getRuntime().availableProcessors();
        return String.format(
                Locale.ROOT,
                "The first run used %.0f %% of the machine's processors; on a free machine it is 80 %% or more.%n",
                Math.min(1, used) * 100);
    }

    private static List<String> row(String name, double measured, Simulation.Outcome simulated) {
        return List.of(
                name,
                Metric.WARM_RATE.text(measured),
                Metric.WARM_RATE.text(simulated.throughput()),
                String.format(Locale.ROOT, "%+.0f %%", (simulated.throughput() / measured - 1) * 100));
    }

    /** Workers, database and stub share the processors of this machine. */
    private static Simulation.Outcome simulated(int count, int latencyMillis, double cpuSeconds) {
        double machine = Runtime.getRuntime().availableProcessors() / cpuSeconds;
        return Simulation.of(new Fleet(
                count,
                machine,
                machine,
                Double.POSITIVE_INFINITY,
                latencyMillis / 1_000.0,
                1,
                BATCH_MESSAGES,
                CONSUMERS,
                VISIBILITY_SECONDS));
    }

    /** Of all processes, by a single worker without latency. */
    private static Optional<Double> cpuSecondsPerMessage(Results results) {
        double sum = 0;
        for (Metric metric : List.of(Metric.WARM_CLIENT_CPU, Metric.DATABASE_CPU, Metric.STUB_CPU)) {
            Optional<Double> seconds = results.median(name(1, 0), Contenders.SLUICE, metric);
            if (seconds.isEmpty()) {
                return Optional.empty();
            }
            sum += seconds.get();
        }
        return Optional.of(sum / MILLION);
    }
}
