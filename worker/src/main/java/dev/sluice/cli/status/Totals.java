package dev.sluice.cli.status;

import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several workers as if they were one. What they did is added up. Of what cannot be added, the worst counts: the state and
 * its reason, and quantiles. Workers that read the same queue see the same backlog, which counts once. Stateless.
 */
final class Totals {

    /** The worst first. */
    private static final List<State> BY_WEIGHT = List.of(
            State.CIRCUIT_OPEN, State.QUEUE_UNREACHABLE, State.STARTING, State.DRAINING, State.RUNNING, State.IDLE);

    private final List<Status> workers;
    private final Status worst;

    private Totals(List<Status> workers) {
        this.workers = workers;
        this.worst = workers.stream()
                .min(Comparator.comparingInt(worker -> BY_WEIGHT.indexOf(worker.state())))
                .orElseThrow();
    }

    /** @param workers at least one */
    static Status of(List<Status> workers) {
        return workers.size() == 1 ? workers.getFirst() : new Totals(workers).sum();
    }

    /** Times are by the clock of the worker whose state counts. */
    private Status sum() {
        return new Status(
                names(Status::version),
                names(Status::pipeline),
                names(Status::queue),
                names(Status::table),
                worst.now(),
                ago(ages(Status::startedAt).max(Comparator.naturalOrder()).orElse(Duration.ZERO)),
                worst.state(),
                worst.since(),
                worst.because(),
                worst.nextTryAt(),
                workers.stream().mapToInt(Status::consumers).sum(),
                new Outcomes(
                        count(worker -> worker.records().stored()),
                        count(worker -> worker.records().duplicate()),
                        count(worker -> worker.records().quarantined()),
                        count(worker -> worker.records().released())),
                new Rates(
                        rate(worker -> worker.perSecond().stored()),
                        rate(worker -> worker.perSecond().duplicate()),
                        rate(worker -> worker.perSecond().quarantined()),
                        rate(worker -> worker.perSecond().released())),
                stages(),
                slowest(Status::eventAge),
                new InFlight(count(worker -> worker.inFlight().records()), count(worker -> worker.inFlight()
                        .bytes())),
                depth(),
                deadLetters(),
                reasons(),
                ages(Status::lastCommitAt)
                        .min(Comparator.naturalOrder())
                        .map(this::ago)
                        .orElse(null),
                new Pool(
                        workers.stream()
                                .mapToInt(worker -> worker.pool().active())
                                .sum(),
                        workers.stream().mapToInt(worker -> worker.pool().max()).sum()));
    }

    private long count(ToLongFunction<Status> figure) {
        return workers.stream().mapToLong(figure).sum();
    }

    private double rate(ToDoubleFunction<Status> figure) {
        return workers.stream().mapToDouble(figure).sum();
    }

    /** What all have in common, or all that there are. */
    private String names(Function<Status, String> name) {
        return workers.stream().map(name).distinct().collect(Collectors.joining(", "));
    }

    /** How long ago something was, by the clock of each worker where it was at all. */
    private Stream<Duration> ages(Function<Status, @Nullable Instant> time) {
        return workers.stream()
                .filter(worker -> time.apply(worker) != null)
                .map(worker -> Duration.between(time.apply(worker), worker.now()));
    }

    private Instant ago(Duration age) {
        return worst.now().minus(age);
    }

    private Map<Stage, Quantiles> stages() {
        Map<Stage, Quantiles> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            stages.put(stage, slowest(worker -> worker.stages().getOrDefault(stage, StatusLines.NOT_MEASURED)));
        }
        return stages;
    }

    private Quantiles slowest(Function<Status, Quantiles> measured) {
        return new Quantiles(
                largest(workers.stream().map(worker -> measured.apply(worker).p50())),
                largest(workers.stream().map(worker -> measured.apply(worker).p99())));
    }

    private static @Nullable Double largest(Stream<@Nullable Double> figures) {
        return figures.filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
    }

    /** The latest reading of each queue, added up; the oldest message of all. Null before the first reading. */
    private @Nullable QueueDepth depth() {
        Map<String, QueueDepth> byQueue = new TreeMap<>();
        for (Status worker : workers) {
            QueueDepth depth = worker.queueDepth();
            if (depth != null) {
                byQueue.merge(worker.queue(), depth, (a, b) -> a.readAt().isAfter(b.readAt()) ? a : b);
            }
        }
        Collection<QueueDepth> depths = byQueue.values();
        return depths.isEmpty()
                ? null
                : new QueueDepth(
                        depths.stream().mapToLong(QueueDepth::visible).sum(),
                        depths.stream().mapToLong(QueueDepth::inFlight).sum(),
                        depths.stream().mapToLong(QueueDepth::delayed).sum(),
                        largest(workers.stream()
                                .map(Status::queueDepth)
                                .filter(Objects::nonNull)
                                .map(QueueDepth::oldestAgeSeconds)),
                        depths.stream()
                                .map(QueueDepth::readAt)
                                .min(Comparator.naturalOrder())
                                .orElseThrow());
    }

    private @Nullable Long deadLetters() {
        Map<String, Long> byQueue = new TreeMap<>();
        workers.stream()
                .filter(worker -> worker.deadLetters() != null)
                .forEach(worker -> byQueue.merge(worker.queue(), worker.deadLetters(), Math::max));
        return byQueue.isEmpty()
                ? null
                : Long.valueOf(
                        byQueue.values().stream().mapToLong(Long::longValue).sum());
    }

    private Map<String, Long> reasons() {
        Map<String, Long> reasons = new TreeMap<>();
        workers.forEach(worker ->
                worker.quarantinedByReason().forEach((reason, records) -> reasons.merge(reason, records, Long::sum)));
        return reasons;
    }
}
