package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.FailedEntry;
import dev.sluice.sqs.QueueClient.RejectedBody;
import dev.sluice.sqs.QueueClient.Sent;
import dev.sluice.sqs.SendPlan.OutgoingMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/**
 * Sends the calls of a plan in rounds: in parallel, or one call at a time for a FIFO queue. After a failure no further
 * round starts, so that the error can report exactly what was sent. Used by one thread.
 */
final class Sender {

    /** With 20 ms per call, 4,000 messages per second; after a failure at most 80 bodies are in doubt. */
    private static final int CALLS_AT_ONCE = 8;

    /** A person waits: long enough for a restart of the service, short enough for an error message. */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

    private final SqsConnection connection;
    private final String queueUrl;
    private final @Nullable String groupId;
    private final List<RejectedBody> rejected = new ArrayList<>();
    private long sent;

    Sender(SqsConnection connection, String queueUrl, @Nullable String groupId) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.groupId = groupId;
    }

    Sent send(SendPlan plan, LongConsumer progress) {
        BatchEntries<OutgoingMessage> call = new BatchEntries<>(GIVE_UP_AFTER, Sender::isRejected, this::sendOnce);
        try (BoundedCalls calls = new BoundedCalls("sqs-send", CALLS_AT_ONCE)) {
            for (List<List<OutgoingMessage>> round = round(plan); !round.isEmpty(); round = round(plan)) {
                List<FailedEntry<OutgoingMessage>> failed = calls.map(round, call::run).stream()
                        .flatMap(List::stream)
                        .toList();
                settle(round, failed);
                progress.accept(sent);
            }
        }
        return new Sent(
                sent,
                Stream.concat(plan.rejected().stream(), rejected.stream())
                        .sorted(Comparator.comparingLong(RejectedBody::position))
                        .toList());
    }

    private List<List<OutgoingMessage>> round(SendPlan plan) {
        return Stream.generate(plan::nextCall)
                .limit(groupId == null ? CALLS_AT_ONCE : 1)
                .takeWhile(call -> !call.isEmpty())
                .toList();
    }

    private void settle(List<List<OutgoingMessage>> round, List<FailedEntry<OutgoingMessage>> failed) {
        sent += round.stream().mapToInt(List::size).sum() - failed.size();
        failed.stream()
                .filter(FailedEntry::isRejected)
                .map(entry -> new RejectedBody(entry.entry().position(), entry.code()))
                .forEach(rejected::add);
        List<FailedEntry<OutgoingMessage>> givenUp =
                failed.stream().filter(entry -> !entry.isRejected()).toList();
        if (!givenUp.isEmpty()) {
            throw stopped(round, givenUp);
        }
    }

    /** Reports all that is needed to resume: what was sent, what is missing from it, and what was not tried. */
    private InfrastructureException stopped(
            List<List<OutgoingMessage>> round, List<FailedEntry<OutgoingMessage>> givenUp) {
        FailedEntry<OutgoingMessage> first = givenUp.getFirst();
        InfrastructureException failure = first.failure();
        String missing = givenUp.stream()
                .map(entry -> entry.entry().position())
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return new InfrastructureException(
                failure == null ? Kind.TRANSIENT : failure.kind(),
                (failure == null
                                ? "sqs:SendMessage failed for single messages (" + first.code() + ")."
                                : failure.getMessage())
                        + " Sent: " + sent + " messages. Not sent: numbers " + missing + ", and all after number "
                        + round.getLast().getLast().position() + ".");
    }

    /** A fault of the sender is final, except throttling. */
    private static boolean isRejected(BatchResultErrorEntry failed) {
        String code = String.valueOf(failed.code());
        return Boolean.TRUE.equals(failed.senderFault()) && !code.contains("Throttl") && !code.contains("OverLimit");
    }

    private BatchResult sendOnce(List<OutgoingMessage> messages) {
        List<SendMessageBatchRequestEntry> entries = BatchEntries.numbered(messages, this::entry);
        SendMessageBatchResponse answer = connection.call(
                "sqs:SendMessage",
                sqs -> sqs.sendMessageBatch(
                        request -> request.queueUrl(queueUrl).entries(entries)));
        return BatchResult.of(answer.successful(), SendMessageBatchResultEntry::id, answer.failed());
    }

    private SendMessageBatchRequestEntry entry(String id, OutgoingMessage message) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder().id(id).messageBody(message.body());
        if (groupId != null) {
            entry.messageGroupId(groupId).messageDeduplicationId(message.deduplicationId());
        }
        return entry.build();
    }
}
