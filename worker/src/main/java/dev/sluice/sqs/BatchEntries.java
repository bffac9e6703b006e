package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One of SQS's batch operations, on up to ten entries, retried for those that were not confirmed. An HTTP status of 200
 * says nothing about the entries: one that the answer does not name as successful has failed. Thread-safe. Blocks between
 * the tries, so call it on virtual threads.
 *
 * @param <T> what an entry is made of
 * @param giveUpAfter no further try starts after this time
 * @param isFinal whether an entry that failed with this error would fail again
 * @param call sends the entries under the ids "0", "1", .. by position, since a message may occur twice, and a repeated
 *     id fails the whole call; throws InfrastructureException only
 */
record BatchEntries<T>(Duration giveUpAfter, Predicate<EntryError> isFinal, Function<List<T>, BatchResult> call) {

    /** Before the first retry; SQS's own retry guidance for SDKs starts there too. */
    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** The service's answer: ids of entries that succeeded, and what it says of others. */
    record BatchResult(Set<String> successful, List<EntryError> failed) {}

    /**
     * An entry's error.
     *
     * @param code as SQS names it
     * @param senderFault whether the request is at fault, rather than the service
     */
    record EntryError(String id, String code, boolean senderFault) {}

    /**
     * An entry that was not done.
     *
     * @param code the last error code of the entry; "Unanswered" if the answer did not name it
     * @param isFinal whether a retry would fail again
     * @param failure why the whole call failed; null if only this entry failed
     */
    record FailedEntry<T>(T entry, String code, boolean isFinal, @Nullable InfrastructureException failure) {

        /** Whether the service rejected this entry for good. */
        boolean isRejected() {
            return isFinal && failure == null;
        }
    }

    /** Retries until every entry is done, rejected, or given up. Returns those that are not done. */
    List<FailedEntry<T>> run(List<T> entries) {
        long giveUpAt = System.nanoTime() + giveUpAfter.toNanos();
        List<FailedEntry<T>> rejected = new ArrayList<>();
        List<T> pending = entries;
        for (int tries = 0; ; tries++) {
            List<FailedEntry<T>> failed = once(pending);
            List<FailedEntry<T>> open =
                    failed.stream().filter(entry -> !entry.isFinal()).toList();
            failed.stream().filter(FailedEntry::isFinal).forEach(rejected::add);
            if (open.isEmpty() || System.nanoTime() - giveUpAt >= 0) {
                rejected.addAll(open);
                return rejected;
            }
            pending = open.stream().map(FailedEntry::entry).toList();
            LockSupport.parkNanos(pauseNanos(tries));
        }
    }

    private List<FailedEntry<T>> once(List<T> entries) {
        try {
            BatchResult result = call.apply(entries);
            return IntStream.range(0, entries.size())
                    .filter(id -> !result.successful().contains(Integer.toString(id)))
                    .mapToObj(id -> failed(entries.get(id), Integer.toString(id), result))
                    .toList();
        } catch (InfrastructureException failure) {
            return entries.stream()
                    .map(entry -> new FailedEntry<>(entry, "call failed", !failure.isTransient(), failure))
                    .toList();
        }
    }

    private FailedEntry<T> failed(T entry, String id, BatchResult result) {
        return result.failed().stream()
                .filter(failed -> id.equals(failed.id()))
                .findFirst()
                .map(failed -> new FailedEntry<>(entry, failed.code(), isFinal.test(failed), null))
                .orElseGet(() -> new FailedEntry<>(entry, "Unanswered", false, null));
    }

    /** Doubling with jitter, so that workers that failed together do not retry together. */
    private static long pauseNanos(int tries) {
        long ceiling = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(tries, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1))
                .toNanos();
    }
}
