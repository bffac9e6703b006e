package dev.sluice.bench;

import static dev.sluice.bench.measure.Load.Ending.BY_ITSELF;
import static dev.sluice.bench.measure.Load.Ending.DRAINED;
import static dev.sluice.bench.measure.Load.Ending.IDLE;
import static dev.sluice.bench.measure.Load.Ending.OFFERED;

import dev.sluice.bench.measure.Load;
import dev.sluice.bench.measure.Metric;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench/run} can measure.
 *
 * @param name as on the command line
 * @param description one line
 * @param cases measured one after the other, each with all contenders
 * @param metrics columns of the tables
 */
record Scenario(String name, String description, List<Case> cases, List<Metric> metrics) {

    /**
     * One load.
     *
     * @param name heading of its table
     */
    record Case(String name, Load load) {

        private static Case of(String name, int messages, String behaviour, Load.Ending ending) {
            return new Case(name, new Load(messages, behaviour, ending));
        }

        private Case sized(int messages) {
            return new Case(name, new Load(messages, load.behaviour(), load.ending()));
        }

        /** With the number of messages. */
        String title() {
            return load.messages() == 0 ? name : String.format(Locale.ROOT, "%s: %,d messages", name, load.messages());
        }
    }

    /** Loads up to that size do not depend on --quick and --messages. */
    private static final int SMALLEST = 1_000;

    private static final List<Metric> THROUGHPUT = List.of(
            Metric.RATE,
            Metric.WARM_RATE,
            Metric.CLIENT_CPU,
            Metric.WARM_CLIENT_CPU,
            Metric.DATABASE_CPU,
            Metric.STUB_CPU,
            Metric.REQUESTS,
            Metric.SURPLUS_ROWS,
            Metric.PEAK_MEMORY);

    /** In the order in which they run. */
    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "steady",
                    "a long run on a full queue",
                    List.of(Case.of("Long run", 1_000_000, "", DRAINED)),
                    THROUGHPUT),
            new Scenario(
                    "latency",
                    "the same messages without latency, and with 20 ms per SQS call",
                    List.of(
                            Case.of("No latency", 300_000, "", DRAINED),
                            Case.of("20 ms per SQS call", 300_000, "latencyMillis=20", DRAINED)),
                    THROUGHPUT),
            new Scenario(
                    "partial",
                    "answers of 1 to 9 messages, 1 % delivered twice, 5 to 15 ms per call",
                    List.of(Case.of(
                            "Partial answers",
                            300_000,
                            "shortAnswers=1 duplicatePercent=1 latencyMillis=5 jitterMillis=10",
                            DRAINED)),
                    THROUGHPUT),
            new Scenario(
                    "short",
                    "short jobs, from the start of the process to its end",
                    List.of(Case.of("Short job", 100, "", BY_ITSELF), Case.of("Long job", 200_000, "", BY_ITSELF)),
                    List.of(Metric.WALL_SECONDS, Metric.CPU_SECONDS, Metric.FIRST_ROW_SECONDS, Metric.PEAK_MEMORY)),
            new Scenario(
                    "first-row",
                    "from the start to the first row that another session sees",
                    List.of(Case.of("First row", 1_000, "", DRAINED)),
                    List.of(Metric.FIRST_ROW_SECONDS)),
            new Scenario(
                    "rate",
                    "1,000 messages per second offered",
                    List.of(Case.of("1,000 messages per second offered", 40_000, "perSecond=1000", OFFERED)),
                    List.of(
                            Metric.RECEIVED_P50,
                            Metric.RECEIVED_P99,
                            Metric.VISIBLE_P50,
                            Metric.VISIBLE_P99,
                            Metric.CLIENT_CPU,
                            Metric.DATABASE_CPU,
                            Metric.REQUESTS)),
            new Scenario(
                    "idle",
                    "an empty queue",
                    List.of(Case.of("Idle", 0, "", IDLE)),
                    List.of(Metric.IDLE_CPU, Metric.IDLE_REQUESTS, Metric.IDLE_POLLS, Metric.PEAK_MEMORY)));

    /**
     * The same with other numbers of messages.
     *
     * @param messages of the throughput scenarios; null for their own
     * @param divisor of all numbers above {@link #SMALLEST}
     */
    Scenario sized(@Nullable Integer messages, int divisor) {
        return new Scenario(
                name,
                description,
                cases.stream()
                        .map(measured -> measured.sized(size(measured.load().messages(), messages, divisor)))
                        .toList(),
                metrics);
    }

    private int size(int own, @Nullable Integer messages, int divisor) {
        if (messages != null && metrics.equals(THROUGHPUT)) {
            return messages;
        }
        return own <= SMALLEST ? own : Math.max(SMALLEST, own / divisor);
    }
}
