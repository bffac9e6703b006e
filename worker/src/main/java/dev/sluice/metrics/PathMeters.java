package dev.sluice.metrics;

import static java.util.Objects.requireNonNull;

import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What is measured on the path of the messages, with label sets that are closed. Thread-safe; never blocks. */
final class PathMeters {

    /** From a record's mapping to a batch that the database takes long to store, whose limit is 20 s. */
    private static final Duration[] STAGE_BOUNDS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(20)
    };

    /** From a queue that is empty to one that was not read for a day. */
    private static final Duration[] AGE_BOUNDS = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private final Map<Stage, StageTimes> stages = new EnumMap<>(Stage.class);
    private final Timer eventAge;
    private final Distribution eventAges = new Distribution();
    private final Map<Reason, LongAdder> quarantined = new EnumMap<>(Reason.class);
    private final Counter extended;
    private final Counter notExtended;
    private final Counter lost;
    private final Counter failedDeleteCalls;
    private final Counter failedDeletes;
    private final Counter staleDeletes;
    private final OldestReceived oldest = new OldestReceived();
    private volatile Instant lastReceived = Instant.MIN;
    private volatile Instant lastCommit = Instant.MIN;

    PathMeters(MeterRegistry registry) {
        for (Stage stage : Stage.values()) {
            Timer timer = Timer.builder("sluice.stage")
                    .description("Time of a step: a receive that brought messages, the mapping of a batch,"
                            + " the storing or the deleting of a batch")
                    .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                    .serviceLevelObjectives(STAGE_BOUNDS)
                    .register(registry);
            stages.put(stage, new StageTimes(timer, new Distribution()));
        }
        eventAge = Timer.builder("sluice.event.age")
                .description("From accepted by SQS to committed, per new record")
                .serviceLevelObjectives(AGE_BOUNDS)
                .register(registry);
        for (Reason reason : Reason.values()) {
            if (reason != Reason.DROPPED_BY_TABLE) {
                LongAdder count = new LongAdder();
                quarantined.put(reason, count);
                FunctionCounter.builder("sluice.quarantined", count, LongAdder::sum)
                        .description("Records put into the quarantine, by reason")
                        .tag("reason", reason.label())
                        .register(registry);
            }
        }
        extended = extensions(registry, "extended");
        notExtended = extensions(registry, "failed");
        lost = extensions(registry, "lost");
        failedDeleteCalls = deleteFailures(registry, "call");
        failedDeletes = deleteFailures(registry, "entry");
        staleDeletes = deleteFailures(registry, "stale");
    }

    private static Counter extensions(MeterRegistry registry, String result) {
        return Counter.builder("sluice.visibility.extensions")
                .description("Messages in flight whose visibility timeout was to be extended")
                .tag("result", result)
                .register(registry);
    }

    private static Counter deleteFailures(MeterRegistry registry, String kind) {
        return Counter.builder("sluice.delete.failures")
                .description("Committed messages that a try did not delete")
                .tag("kind", kind)
                .register(registry);
    }

    void timed(Stage stage, long nanos) {
        requireNonNull(stages.get(stage)).add(nanos);
    }

    void received(List<Message> messages) {
        Instant now = Instant.now();
        lastReceived = now;
        messages.stream()
                .mapToLong(message -> now.toEpochMilli() - message.sentAt().toEpochMilli())
                .max()
                .ifPresent(millis -> oldest.add(Math.max(0, millis)));
    }

    /** Called after the commit. */
    void settled(List<MappedRecord> records, List<Settlement> settlements) {
        Instant now = Instant.now();
        for (int i = 0; i < settlements.size(); i++) {
            switch (settlements.get(i)) {
                case STORED -> committed(records.get(i), now);
                case QUARANTINED -> {
                    committed(records.get(i), now);
                    requireNonNull(quarantined.get(reason(records.get(i)))).increment();
                }
                case DUPLICATE -> lastCommit = now;
                case DEFERRED -> {}
            }
        }
    }

    private void committed(MappedRecord record, Instant now) {
        lastCommit = now;
        long millis = now.toEpochMilli() - record.message().sentAt().toEpochMilli();
        long nanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis)); // the clocks of two machines
        eventAge.record(nanos, TimeUnit.NANOSECONDS);
        eventAges.add(nanos);
    }

    /** What the sink quarantines though it was mapped, the database has rejected. */
    private static Reason reason(MappedRecord record) {
        return record.outcome() instanceof Rejection rejection ? rejection.reason() : Reason.REFUSED_BY_DATABASE;
    }

    void deleted(Source.Deletion deletion) {
        staleDeletes.increment(deletion.lost().size());
        Counter failed = deletion.failure() == null ? failedDeletes : failedDeleteCalls;
        failed.increment(deletion.open().size());
    }

    void extended(int messages, Source.Extension extension) {
        int done = extension.extended().size();
        int dead = extension.dead().size();
        extended.increment(done);
        lost.increment(dead);
        notExtended.increment(Math.max(0, messages - done - dead));
    }

    /** When messages were last received; long ago before the first. */
    Instant lastReceived() {
        return lastReceived;
    }

    /** When a transaction with records last committed; long ago before the first. */
    Instant lastCommit() {
        return lastCommit;
    }

    OldestReceived oldest() {
        return oldest;
    }

    Map<Stage, Distribution.Counts> stageCounts() {
        Map<Stage, Distribution.Counts> counts = new EnumMap<>(Stage.class);
        stages.forEach((stage, times) -> counts.put(stage, times.recent().counts()));
        return counts;
    }

    Distribution.Counts eventAgeCounts() {
        return eventAges.counts();
    }

    /** Reasons without a record left out. */
    Map<String, Long> quarantinedByReason() {
        Map<String, Long> counts = new LinkedHashMap<>();
        quarantined.forEach((reason, count) -> {
            if (count.sum() > 0) {
                counts.put(reason.label(), count.sum());
            }
        });
        return counts;
    }

    /** The times of one stage: since the start for scrapes, and as counts that the recorder compares. */
    private record StageTimes(Timer timer, Distribution recent) {

        void add(long nanos) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
            recent.add(nanos);
        }
    }
}
