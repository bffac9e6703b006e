package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;

/**
 * One of SQS's batch operations over up to ten entries, tried again for those that it did not confirm. An answer of 200
 * says nothing about the entries: each must be named as successful, or it counts as failed. Thread-safe; blocks between
 * the tries, so it is called on virtual threads.
 *
 * @param <T> what an entry is made of
 * @param giveUpAfter no further try is begun after this time
 * @param isFinal whether an entry that failed so would fail again
 * @param call sends the entries under the ids "0", "1", ... by their place, since one message may be among them twice,
 *     and an id that is there twice rejects the whole call; throws InfrastructureException only
 */
record BatchEntries<T>(Duration giveUpAfter, Predicate<BatchResultErrorEntry> isFinal, Call<T> call) {

    /** Between the first two tries; SQS's own retry guidance for SDKs begins there too. */
    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** One call of the batch operation. */
    interface Call<T> {
        Answer send(List<T> entries);
    }

    /** What the service said of the entries, by id. */
    record Answer(Collection<String> done, List<BatchResultErrorEntry> failed) {}

    /**
     * An entry that was not done.
     *
     * @param code the last error code of the entry; "Unanswered" when the answer did not name it
     * @param isFinal whether the entry itself was refused, rather than given up
     * @param failure why the whole call failed; null when it was this entry only
     */
    record FailedEntry<T>(T entry, String code, boolean isFinal, @Nullable InfrastructureException failure) {}

    /** Runs it until every entry is done, refused for good, or given up. Returns those that are not done, in order. */
    List<FailedEntry<T>> run(List<T> entries) {
        long giveUpAt = System.nanoTime() + giveUpAfter.toNanos();
        List<FailedEntry<T>> refused = new ArrayList<>();
        List<T> pending = entries;
        for (int tries = 0; ; tries++) {
            List<FailedEntry<T>> undone = once(pending);
            List<FailedEntry<T>> open =
                    undone.stream().filter(entry -> !entry.isFinal()).toList();
            undone.stream().filter(FailedEntry::isFinal).forEach(refused::add);
            if (open.isEmpty() || System.nanoTime() - giveUpAt >= 0) {
                return Stream.concat(refused.stream(), open.stream()).toList();
            }
            pending = open.stream().map(FailedEntry::entry).toList();
            LockSupport.parkNanos(pauseNanos(tries));
        }
    }

    private List<FailedEntry<T>> once(List<T> entries) {
        try {
            return undone(entries, call.send(entries));
        } catch (InfrastructureException failure) {
            boolean isFinal = failure.kind() != Kind.TRANSIENT;
            return entries.stream()
                    .map(entry -> new FailedEntry<>(entry, "call failed", isFinal, failure))
                    .toList();
        }
    }

    private List<FailedEntry<T>> undone(List<T> entries, Answer answer) {
        Set<String> done = new HashSet<>(answer.done());
        List<FailedEntry<T>> undone = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String id = Integer.toString(i);
            if (!done.contains(id)) {
                undone.add(undone(entries.get(i), id, answer));
            }
        }
        return undone;
    }

    private FailedEntry<T> undone(T entry, String id, Answer answer) {
        return answer.failed().stream()
                .filter(failed -> id.equals(failed.id()))
                .findFirst()
                .map(failed -> new FailedEntry<>(entry, String.valueOf(failed.code()), isFinal.test(failed), null))
                .orElseGet(() -> new FailedEntry<>(entry, "Unanswered", false, null));
    }

    /** Doubling with full jitter, so that workers that failed together do not come back together. */
    private static long pauseNanos(int tries) {
        long ceiling = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tries, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1))
                .toNanos();
    }
}
