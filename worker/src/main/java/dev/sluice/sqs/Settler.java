package dev.sluice.sqs;

import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source.Deletion;
import dev.sluice.pipeline.Source.Extension;
import dev.sluice.sqs.BatchEntries.Answer;
import dev.sluice.sqs.BatchEntries.FailedEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;

/**
 * Deletes messages and gives them back, ten a call, calls side by side. Thread-safe. Never throws for what the service
 * did: what could not be settled is logged by message id, and comes back by itself unless it is tried again.
 */
final class Settler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    /** What a batch operation takes (SQS API reference, TooManyEntriesInBatchRequest). */
    static final int PER_CALL = 10;

    /** With 20 ms a call, 16 calls at once settle 8,000 messages a second; well below the connections there are. */
    private static final int CALLS_AT_ONCE = 16;

    /**
     * The last try begins before this and may take twice connect and answer time-out (8 s each): still below 30 s, the
     * default visibility timeout, after which a receipt handle may be stale.
     */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

    private static final int FIRST_POSTPONEMENT_SECONDS = 30;
    private static final int LONGEST_POSTPONEMENT_SECONDS = 900;

    /** Codes of a receipt handle that is no longer the message's: another try would be answered the same. */
    private static final Set<String> STALE_HANDLE = Set.of("ReceiptHandleIsInvalid", "InvalidParameterValue");

    private final SqsConnection connection;
    private final String queueUrl;
    private final BoundedCalls calls = new BoundedCalls("sqs-settle", CALLS_AT_ONCE);
    private final BatchEntries<Message> delete;
    private final BatchEntries<Message> release;
    private final BatchEntries<Message> postpone;

    Settler(SqsConnection connection, String queueUrl) {
        this(connection, queueUrl, GIVE_UP_AFTER);
    }

    Settler(SqsConnection connection, String queueUrl, Duration giveUpAfter) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.delete = new BatchEntries<>(giveUpAfter, Settler::isStale, this::deleteOnce);
        this.release = new BatchEntries<>(giveUpAfter, Settler::isStale, part -> hideOnce(part, message -> 0));
        this.postpone = new BatchEntries<>(giveUpAfter, Settler::isStale, part -> hideOnce(part, Settler::postponed));
    }

    /** As {@link dev.sluice.pipeline.Source#delete(List)}. */
    Deletion delete(List<Message> messages) {
        List<FailedEntry<Message>> undone = settle("deleted", delete, messages);
        return new Deletion(
                undone.stream()
                        .filter(entry -> !isLost(entry))
                        .map(FailedEntry::entry)
                        .toList(),
                undone.stream().filter(Settler::isLost).map(FailedEntry::entry).toList(),
                gravest(undone));
    }

    /** A kind that does not pass goes before one that does. */
    private static @Nullable InfrastructureException gravest(List<FailedEntry<Message>> undone) {
        return undone.stream()
                .map(FailedEntry::failure)
                .filter(Objects::nonNull)
                .min(Comparator.comparing(failure -> failure.kind() == Kind.TRANSIENT))
                .orElse(null);
    }

    /** Whether its receipt handle is no longer the message's. */
    private static boolean isLost(FailedEntry<Message> entry) {
        return entry.isFinal() && entry.failure() == null;
    }

    /** As {@link dev.sluice.pipeline.Source#makeVisible(List)}. */
    void release(List<Message> messages) {
        settle("given back", release, messages);
    }

    /** As {@link dev.sluice.pipeline.Source#retryLater(List)}. */
    void postpone(List<Message> messages) {
        settle("postponed", postpone, messages);
    }

    /** As {@link dev.sluice.pipeline.Source#extend(List, Duration)}: one try, since the next round of extending is another. */
    Extension extend(List<Message> messages, Duration hidden) {
        int seconds = Math.toIntExact(hidden.toSeconds());
        BatchEntries<Message> extend =
                new BatchEntries<>(Duration.ZERO, Settler::isStale, part -> hideOnce(part, message -> seconds));
        List<FailedEntry<Message>> undone = run(extend, messages);
        List<Message> extended = new ArrayList<>(messages);
        extended.removeAll(undone.stream().map(FailedEntry::entry).toList());
        List<FailedEntry<Message>> open =
                undone.stream().filter(entry -> !isLost(entry)).toList();
        if (!open.isEmpty()) {
            LOG.warn(
                    "The visibility timeout of {} of {} messages could not be extended: {}",
                    open.size(),
                    messages.size(),
                    reasons(open));
        }
        return new Extension(
                extended,
                undone.stream().filter(Settler::isLost).map(FailedEntry::entry).toList());
    }

    /** Half a minute after the first receive, doubling, a quarter of an hour at the most. */
    static int postponed(Message message) {
        int doublings = Math.min(message.receiveCount() - 1, 10);
        return Math.min(LONGEST_POSTPONEMENT_SECONDS, FIRST_POSTPONEMENT_SECONDS << doublings);
    }

    @Override
    public void close() {
        calls.close();
    }

    /** Consecutive parts of at most {@value #PER_CALL}. */
    static <T> List<List<T>> parts(List<T> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + PER_CALL)
                .mapToObj(from -> all.subList(from, Math.min(all.size(), from + PER_CALL)))
                .toList();
    }

    private List<FailedEntry<Message>> run(BatchEntries<Message> operation, List<Message> messages) {
        return calls.map(parts(messages), operation::run).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<FailedEntry<Message>> settle(String done, BatchEntries<Message> operation, List<Message> messages) {
        List<FailedEntry<Message>> undone = run(operation, messages);
        if (!undone.isEmpty()) {
            LOG.warn("{} of {} messages could not be {}: {}", undone.size(), messages.size(), done, reasons(undone));
        }
        return undone;
    }

    /** Message ids and codes, and why a whole call failed. */
    private static String reasons(List<FailedEntry<Message>> undone) {
        String entries = undone.stream()
                .map(entry -> entry.entry().id() + " (" + entry.code() + ")")
                .collect(Collectors.joining(", "));
        InfrastructureException failure = gravest(undone);
        return failure == null ? entries : entries + "; " + failure.getMessage();
    }

    private static boolean isStale(BatchResultErrorEntry failed) {
        return Boolean.TRUE.equals(failed.senderFault()) && STALE_HANDLE.contains(String.valueOf(failed.code()));
    }

    private Answer deleteOnce(List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .receiptHandle(message.receiptHandle())
                    .build());
        }
        DeleteMessageBatchResponse answer = connection.call(
                "sqs:DeleteMessage",
                sqs -> sqs.deleteMessageBatch(
                        request -> request.queueUrl(queueUrl).entries(entries)));
        FailPoint.BETWEEN_DELETES.pass();
        return new Answer(
                answer.successful().stream()
                        .map(DeleteMessageBatchResultEntry::id)
                        .toList(),
                answer.failed());
    }

    /** Sets for how many seconds from now each message stays hidden; 0 makes it visible. */
    private Answer hideOnce(List<Message> messages, ToIntFunction<Message> seconds) {
        List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .receiptHandle(message.receiptHandle())
                    .visibilityTimeout(seconds.applyAsInt(message))
                    .build());
        }
        ChangeMessageVisibilityBatchResponse answer = connection.call(
                "sqs:ChangeMessageVisibility",
                sqs -> sqs.changeMessageVisibilityBatch(
                        request -> request.queueUrl(queueUrl).entries(entries)));
        return new Answer(
                answer.successful().stream()
                        .map(ChangeMessageVisibilityBatchResultEntry::id)
                        .toList(),
                answer.failed());
    }
}
