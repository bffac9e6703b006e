package dev.sluice.sqs;

import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source.Deletion;
import dev.sluice.pipeline.Source.Extension;
import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.EntryError;
import dev.sluice.sqs.BatchEntries.FailedEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes messages and changes their visibility, ten per call, in parallel calls. Thread-safe. Never throws for an error
 * of the service: failed entries are logged by message id, and are redelivered unless the caller tries again.
 */
final class Settler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    /** The most entries of a batch operation (SQS API reference, TooManyEntriesInBatchRequest). */
    static final int PER_CALL = 10;

    /** A batch of 1,000 in one round trip; there are more connections than that. */
    private static final int CALLS_AT_ONCE = 100;

    /**
     * The last try starts before this and may take the connect and answer time-outs twice (8 s each): still below 30 s,
     * the default visibility timeout, after which a receipt handle may be stale.
     */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

    private static final int FIRST_RETRY_SECONDS = 30;
    private static final int LONGEST_RETRY_SECONDS = 900;

    /** Error codes of a receipt handle that is no longer valid: a retry would fail again. */
    private static final Set<String> STALE_HANDLE = Set.of("ReceiptHandleIsInvalid", "InvalidParameterValue");

    private final SqsConnection connection;
    private final String queueUrl;
    private final BoundedCalls calls = new BoundedCalls("sqs-settle", CALLS_AT_ONCE);
    private final Duration giveUpAfter;

    Settler(SqsConnection connection, String queueUrl) {
        this(connection, queueUrl, GIVE_UP_AFTER);
    }

    Settler(SqsConnection connection, String queueUrl, Duration giveUpAfter) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.giveUpAfter = giveUpAfter;
    }

    /** As {@link dev.sluice.pipeline.Source#delete(List)}. */
    Deletion delete(List<Message> messages) {
        List<FailedEntry<Message>> failed = settle("deleted", this::deleteOnce, messages);
        return new Deletion(messages(failed, false), messages(failed, true), gravest(failed));
    }

    /** Those that failed for good, because their receipt handle is no longer valid, or the others. */
    private static List<Message> messages(List<FailedEntry<Message>> failed, boolean rejected) {
        return failed.stream()
                .filter(entry -> entry.isRejected() == rejected)
                .map(FailedEntry::entry)
                .toList();
    }

    /** A failure that is not transient comes first. */
    private static @Nullable InfrastructureException gravest(List<FailedEntry<Message>> failed) {
        return failed.stream()
                .map(FailedEntry::failure)
                .filter(Objects::nonNull)
                .min(Comparator.comparing(InfrastructureException::isTransient))
                .orElse(null);
    }

    /** As {@link dev.sluice.pipeline.Source#makeVisible(List)}. */
    void makeVisible(List<Message> messages) {
        settle("made visible", part -> hideOnce(part, message -> 0), messages);
    }

    /** As {@link dev.sluice.pipeline.Source#retryLater(List)}. */
    void retryLater(List<Message> messages) {
        settle("hidden until their retry", part -> hideOnce(part, Settler::retrySeconds), messages);
    }

    /** As {@link dev.sluice.pipeline.Source#extend(List, Duration)}: one try, since the next extension is another. */
    Extension extend(List<Message> messages, Duration hidden) {
        int seconds = Math.toIntExact(hidden.toSeconds());
        List<FailedEntry<Message>> failed = run(Duration.ZERO, part -> hideOnce(part, message -> seconds), messages);
        List<Message> extended = new ArrayList<>(messages);
        extended.removeAll(failed.stream().map(FailedEntry::entry).toList());
        List<FailedEntry<Message>> open =
                failed.stream().filter(entry -> !entry.isRejected()).toList();
        if (!open.isEmpty()) {
            LOG.warn(
                    "The visibility timeout of {} of {} messages could not be extended: {}",
                    open.size(),
                    messages.size(),
                    reasons(open));
        }
        return new Extension(extended, messages(failed, true));
    }

    /** 30 s after the first receive, doubling with each, at most 15 minutes. */
    static int retrySeconds(Message message) {
        int doublings = Math.min(message.receiveCount() - 1, 10);
        return Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS << doublings);
    }

    @Override
    public void close() {
        calls.close();
    }

    /** In parts of at most {@value #PER_CALL}. */
    static <T> List<List<T>> parts(List<T> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + PER_CALL)
                .mapToObj(from -> all.subList(from, Math.min(all.size(), from + PER_CALL)))
                .toList();
    }

    private List<FailedEntry<Message>> run(
            Duration giveUp, Function<List<Message>, BatchResult> call, List<Message> messages) {
        BatchEntries<Message> operation = new BatchEntries<>(giveUp, Settler::isStale, call);
        return calls.map(parts(messages), operation::run).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<FailedEntry<Message>> settle(
            String done, Function<List<Message>, BatchResult> call, List<Message> messages) {
        List<FailedEntry<Message>> failed = run(giveUpAfter, call, messages);
        if (!failed.isEmpty()) {
            LOG.warn("{} of {} messages could not be {}: {}", failed.size(), messages.size(), done, reasons(failed));
        }
        return failed;
    }

    /** Message ids and error codes, and why a whole call failed. */
    private static String reasons(List<FailedEntry<Message>> failed) {
        String entries = failed.stream()
                .map(entry -> entry.entry().id() + " (" + entry.code() + ")")
                .collect(Collectors.joining(", "));
        InfrastructureException failure = gravest(failed);
        return failure == null ? entries : entries + "; " + failure.getMessage();
    }

    private static boolean isStale(EntryError failed) {
        return failed.senderFault() && STALE_HANDLE.contains(failed.code());
    }

    private BatchResult deleteOnce(List<Message> messages) {
        BatchResult result = connection.calls().delete(queueUrl, messages);
        FailPoint.BETWEEN_DELETES.pass();
        return result;
    }

    /** Sets for how many seconds from now each message stays hidden; 0 makes it visible. */
    private BatchResult hideOnce(List<Message> messages, ToIntFunction<Message> seconds) {
        return connection.calls().hide(queueUrl, messages, seconds);
    }
}
