package dev.sluice.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** A queue of prepared answers; without one it is empty. Records its calls in {@link Events}. Thread-safe. */
final class FakeSource implements Source {

    static final Deletion COMPLETE = new Deletion(List.of(), List.of(), null);

    final List<String> deleted = new CopyOnWriteArrayList<>();
    final List<String> released = new CopyOnWriteArrayList<>();
    final List<String> postponed = new CopyOnWriteArrayList<>();
    final List<String> extended = new CopyOnWriteArrayList<>();
    final List<String> handles = new CopyOnWriteArrayList<>();
    final Map<String, Duration> hiddenFor = new ConcurrentHashMap<>();
    final List<String> dead = new CopyOnWriteArrayList<>();

    /** Of which extending fails for a reason that may pass. */
    final List<String> unextended = new CopyOnWriteArrayList<>();

    final List<Duration> waitTimes = new CopyOnWriteArrayList<>();

    private final Events events;
    private final Queue<Supplier<List<Message>>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Supplier<Depth>> depths = new ConcurrentLinkedQueue<>();
    private final Queue<Function<List<Message>, Deletion>> deletions = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> releases = new ConcurrentLinkedQueue<>();
    private volatile boolean fifo;
    private volatile Duration visibilityTimeout = Duration.ofSeconds(30);

    FakeSource(Events events) {
        this.events = events;
    }

    /** One message whose body names its records, a letter each, as {@link FakeMapper} reads them. */
    static Message message(String id, String records) {
        return message(id, records, 1);
    }

    static Message message(String id, String records, int receiveCount) {
        return new Message(
                id,
                "receipt of " + id,
                Instant.parse("2026-03-01T00:00:00Z"),
                receiveCount,
                records.getBytes(StandardCharsets.UTF_8));
    }

    FakeSource holds(Message... batch) {
        return answers(() -> List.of(batch));
    }

    FakeSource answers(Supplier<List<Message>> answer) {
        answers.add(answer);
        return this;
    }

    FakeSource fails(RuntimeException failure) {
        return answers(() -> {
            throw failure;
        });
    }

    /** What the next delete says; without it all are deleted. */
    FakeSource deletes(Function<List<Message>, Deletion> answer) {
        deletions.add(answer);
        return this;
    }

    FakeSource onRelease(Runnable action) {
        releases.add(action);
        return this;
    }

    FakeSource keepsOrder() {
        fifo = true;
        return this;
    }

    FakeSource depths(Depth... next) {
        Arrays.stream(next).forEach(depth -> depths.add(() -> depth));
        return this;
    }

    FakeSource depthFails(RuntimeException failure) {
        depths.add(() -> {
            throw failure;
        });
        return this;
    }

    @Override
    public Received receive(Duration wait, Arrivals arrivals) {
        events.add("receive");
        waitTimes.add(wait);
        long calledAt = System.nanoTime();
        Supplier<List<Message>> answer = answers.poll();
        List<Message> messages = answer == null ? List.of() : answer.get();
        if (!messages.isEmpty()) {
            arrivals.arrived(messages, calledAt);
        }
        return new Received(messages, !answers.isEmpty());
    }

    @Override
    public Deletion delete(List<Message> messages) {
        events.add("delete");
        Function<List<Message>, Deletion> answer = deletions.poll();
        Deletion deletion = answer == null ? COMPLETE : answer.apply(messages);
        messages.stream()
                .filter(message ->
                        !deletion.open().contains(message) && !deletion.lost().contains(message))
                .forEach(message -> deleted.add(message.id()));
        return deletion;
    }

    @Override
    public boolean isFifo() {
        return fifo;
    }

    @Override
    public void makeVisible(List<Message> messages) {
        events.add("release");
        releases.forEach(Runnable::run);
        released.addAll(ids(messages));
    }

    @Override
    public Extension extend(List<Message> messages, Duration hidden) {
        messages.forEach(message -> hiddenFor.put(message.id(), hidden));
        extended.addAll(ids(messages));
        messages.forEach(message -> handles.add(message.receiptHandle()));
        return new Extension(
                messages.stream()
                        .filter(message -> !dead.contains(message.id()) && !unextended.contains(message.id()))
                        .toList(),
                messages.stream().filter(message -> dead.contains(message.id())).toList());
    }

    @Override
    public void retryLater(List<Message> messages) {
        events.add("postpone");
        postponed.addAll(ids(messages));
    }

    @Override
    public Duration visibilityTimeout() {
        return visibilityTimeout;
    }

    @Override
    public Optional<Duration> retention() {
        return Optional.empty();
    }

    FakeSource hidesFor(Duration timeout) {
        visibilityTimeout = timeout;
        return this;
    }

    @Override
    public Depth depth() {
        Supplier<Depth> depth = depths.poll();
        return depth == null ? new Depth(0, 0, 0) : depth.get();
    }

    @Override
    public void close() {
        events.add("close source");
    }

    private static List<String> ids(List<Message> messages) {
        return new ArrayList<>(messages.stream().map(Message::id).toList());
    }

    @Override
    public OptionalLong deadLetters() {
        return OptionalLong.empty();
    }
}
