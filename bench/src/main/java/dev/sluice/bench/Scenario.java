package dev.sluice.bench;

import static dev.sluice.bench.measure.Load.Ending.BY_ITSELF;
import static dev.sluice.bench.measure.Load.Ending.DRAINED;

import dev.sluice.bench.measure.Load;
import dev.sluice.bench.measure.Metric;
import dev.sluice.bench.report.Results;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
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
            return of(name, messages, behaviour, 1, ending);
        }

        private static Case of(String name, int messages, String behaviour, int workers, Load.Ending ending) {
            return new Case(name, new Load(messages, behaviour, 0, workers, ending));
        }

        Case sized(int messages, int divisor) {
            return new Case(
                    name,
                    new Load(messages, load.behaviour(), load.rowsBefore() / divisor, load.workers(), load.ending()));
        }

        /** With the number of messages. */
        String title() {
            return load.messages() == 0 ? name : String.format(Locale.ROOT, "%s: %,d messages", name, load.messages());
        }
    }

    static final String LONG_RUN = "Long run";
    static final String NO_LATENCY = "No latency";
    static final String LATENCY = "20 ms per SQS call";
    static final String SMALL_JOB = "Small job";
    static final String LARGE_JOB = "Large job";
    static final String FIRST_ROW = "First row";
    static final String OFFERED = "1,000 messages per second offered";
    static final String IDLE = "Idle";

    static final String EMPTY_DATABASE = "Empty database";
    static final String GROWN_DATABASE = "After 20 million rows, with a ledger of 13 days";

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
                    List.of(Case.of(LONG_RUN, 1_000_000, "", DRAINED)),
                    THROUGHPUT),
            new Scenario(
                    "latency",
                    "the same messages without latency, and with 20 ms per SQS call",
                    List.of(
                            Case.of(NO_LATENCY, 300_000, "", DRAINED),
                            Case.of(LATENCY, 300_000, "latencyMillis=20", DRAINED)),
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
                    List.of(Case.of(SMALL_JOB, 100, "", BY_ITSELF), Case.of(LARGE_JOB, 200_000, "", BY_ITSELF)),
                    List.of(Metric.WALL_SECONDS, Metric.CPU_SECONDS, Metric.FIRST_ROW_SECONDS, Metric.PEAK_MEMORY)),
            new Scenario(
                    "first-row",
                    "from the start to the first row that another session sees",
                    List.of(Case.of(FIRST_ROW, 1_000, "", DRAINED)),
                    List.of(Metric.FIRST_ROW_SECONDS)),
            new Scenario(
                    "rate",
                    "1,000 messages per second offered",
                    List.of(Case.of(OFFERED, 40_000, "perSecond=1000", Load.Ending.OFFERED)),
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
                    List.of(Case.of(IDLE, 0, "", Load.Ending.IDLE)),
                    List.of(Metric.IDLE_CPU, Metric.IDLE_REQUESTS, Metric.IDLE_POLLS, Metric.PEAK_MEMORY)),
            new Scenario(
                    "grown",
                    "what a large table and ledger cost; only on request, it takes half an hour",
                    List.of(
                            Case.of(EMPTY_DATABASE, 1_000_000, "", DRAINED),
                            new Case(GROWN_DATABASE, new Load(1_000_000, "", 20_000_000, 1, DRAINED))),
                    THROUGHPUT),
            new Scenario(
                    Workers.SCENARIO,
                    "one, two and four workers, and the simulation beside them; only on request",
                    Workers.CASES,
                    Workers.METRICS));

    /** Whether it runs only if it is named. */
    boolean isOnRequest() {
        return cases.stream().map(Case::load).anyMatch(load -> load.rowsBefore() > 0 || load.workers() > 1);
    }

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
                        .map(measured -> measured.sized(size(measured.load().messages(), messages, divisor), divisor))
                        .toList(),
                metrics);
    }

    /** The tables of all cases. */
    String markdown(Results results, String machine) {
        String tables = cases.stream()
                .map(measured -> "### " + measured.title() + "\n\n" + results.table(measured.name(), metrics))
                .collect(Collectors.joining("\n"));
        return tables + "\n" + remarks(results) + machine + "\n";
    }

    /** What follows from all cases together; empty for most. */
    String remarks(Results results) {
        return name.equals(Workers.SCENARIO) ? Workers.compared(results) + "\n" : "";
    }

    private int size(int own, @Nullable Integer messages, int divisor) {
        if (messages != null && metrics.contains(Metric.RATE)) {
            return messages;
        }
        return own <= SMALLEST ? own : Math.max(SMALLEST, own / divisor);
    }
}
