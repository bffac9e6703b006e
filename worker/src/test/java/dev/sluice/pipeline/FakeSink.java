package dev.sluice.pipeline;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Stores everything, unless the next answer was prepared otherwise. Records its calls in {@link Events}. Thread-safe. */
final class FakeSink implements Sink {

    private final Events events;
    private final Queue<Function<List<MappedRecord>, List<Settlement>>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> probes = new ConcurrentLinkedQueue<>();

    FakeSink(Events events) {
        this.events = events;
    }

    FakeSink settles(Settlement... settlements) {
        answers.add(records -> List.of(settlements));
        return this;
    }

    FakeSink fails(RuntimeException failure) {
        answers.add(records -> {
            throw failure;
        });
        return this;
    }

    FakeSink fails(Error failure) {
        answers.add(records -> {
            throw failure;
        });
        return this;
    }

    FakeSink probeFails(RuntimeException failure) {
        probes.add(() -> {
            throw failure;
        });
        return this;
    }

    /** What the next probe that does not fail does besides. */
    FakeSink onProbe(Runnable action) {
        probes.add(action);
        return this;
    }

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        events.add("store");
        Function<List<MappedRecord>, List<Settlement>> answer = answers.poll();
        return answer == null ? records.stream().map(known -> Settlement.STORED).toList() : answer.apply(records);
    }

    @Override
    public void probe() {
        events.add("probe");
        Runnable answer = probes.poll();
        if (answer != null) {
            answer.run();
        }
    }

    @Override
    public void close() {
        events.add("close sink");
    }
}
