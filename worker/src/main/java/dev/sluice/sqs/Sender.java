package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.EntryError;
import dev.sluice.sqs.BatchEntries.FailedEntry;
import dev.sluice.sqs.QueueClient.RejectedBody;
import dev.sluice.sqs.QueueClient.Sent;
import dev.sluice.sqs.SendPlan.OutgoingMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/**
 * Sends the calls of a plan in rounds: in parallel, or one call at a time for a FIFO queue. After a failure no further
 * round starts, so that the listener knows exactly what was sent. Used by one thread.
 */
final class Sender {

    /** With 20 ms per call, 4,000 messages per second; after a failure at most 80 bodies are in doubt. */
    private static final int CALLS_AT_ONCE = 8;

    /** A person waits: long enough for a restart of the service, short enough for an error message. */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

    private final SqsConnection connection;
    private final String queueUrl;
    private final @Nullable String groupId;
    private final Map<String, MessageAttributeValue> attributes;
    private final SendListener listener;
    private long sent;
    private long rejected;

    /** @param attributes of each message */
    Sender(
            SqsConnection connection,
            String queueUrl,
            @Nullable String groupId,
            Attributes attributes,
            SendListener listener) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.groupId = groupId;
        this.attributes = values(attributes);
        this.listener = listener;
    }

    Sent send(SendPlan plan) {
        BatchEntries<OutgoingMessage> call = new BatchEntries<>(GIVE_UP_AFTER, Sender::isRejected, this::sendOnce);
        try (BoundedCalls calls = new BoundedCalls("sqs-send", CALLS_AT_ONCE)) {
            for (List<List<OutgoingMessage>> round = round(plan); !round.isEmpty(); round = round(plan)) {
                List<FailedEntry<OutgoingMessage>> failed = calls.map(round, call::run).stream()
                        .flatMap(List::stream)
                        .toList();
                settle(plan, round, failed);
            }
        }
        reject(plan.takeRejected());
        listener.settled(plan.position(), List.of());
        return new Sent(sent, rejected);
    }

    private List<List<OutgoingMessage>> round(SendPlan plan) {
        return Stream.generate(plan::nextCall)
                .limit(groupId == null ? CALLS_AT_ONCE : 1)
                .takeWhile(call -> !call.isEmpty())
                .toList();
    }

    private void settle(SendPlan plan, List<List<OutgoingMessage>> round, List<FailedEntry<OutgoingMessage>> failed) {
        sent += round.stream().mapToInt(List::size).sum() - failed.size();
        Stream<RejectedBody> bySqs = failed.stream()
                .filter(FailedEntry::isRejected)
                .map(entry -> new RejectedBody(entry.entry().position(), entry.code()));
        reject(Stream.concat(plan.takeRejected().stream(), bySqs)
                .sorted(Comparator.comparingLong(RejectedBody::position))
                .toList());
        List<FailedEntry<OutgoingMessage>> givenUp =
                failed.stream().filter(entry -> !entry.isRejected()).toList();
        listener.sent(sent);
        listener.settled(
                round.getLast().getLast().position(),
                givenUp.stream().map(entry -> entry.entry().position()).sorted().toList());
        if (!givenUp.isEmpty()) {
            throw failure(givenUp.getFirst());
        }
    }

    private void reject(List<RejectedBody> bodies) {
        rejected += bodies.size();
        bodies.forEach(listener::rejected);
    }

    private static InfrastructureException failure(FailedEntry<OutgoingMessage> entry) {
        return entry.failure() != null
                ? entry.failure()
                : new InfrastructureException(
                        Kind.TRANSIENT, "sqs:SendMessage failed for single messages (" + entry.code() + ").");
    }

    /** A fault of the sender is final, except throttling. */
    private static boolean isRejected(EntryError failed) {
        return failed.senderFault()
                && !failed.code().contains("Throttl")
                && !failed.code().contains("OverLimit");
    }

    private BatchResult sendOnce(List<OutgoingMessage> messages) {
        List<SendMessageBatchRequestEntry> entries = IntStream.range(0, messages.size())
                .mapToObj(position -> entry(Integer.toString(position), messages.get(position)))
                .toList();
        SendMessageBatchResponse answer = connection.call(
                "sqs:SendMessage",
                sqs -> sqs.sendMessageBatch(
                        request -> request.queueUrl(queueUrl).entries(entries)));
        return new BatchResult(
                answer.successful().stream()
                        .map(SendMessageBatchResultEntry::id)
                        .collect(Collectors.toSet()),
                answer.failed().stream()
                        .map(failed -> new EntryError(
                                failed.id(), String.valueOf(failed.code()), Boolean.TRUE.equals(failed.senderFault())))
                        .toList());
    }

    private SendMessageBatchRequestEntry entry(String id, OutgoingMessage message) {
        SendMessageBatchRequestEntry.Builder entry =
                SendMessageBatchRequestEntry.builder().id(id).messageBody(message.body());
        if (!attributes.isEmpty()) {
            entry.messageAttributes(attributes);
        }
        if (groupId != null) {
            entry.messageGroupId(groupId).messageDeduplicationId(message.deduplicationId());
        }
        return entry.build();
    }

    /** Texts and numbers. */
    private static Map<String, MessageAttributeValue> values(Attributes sent) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        sent.byName()
                .forEach((name, attribute) -> values.put(
                        name,
                        MessageAttributeValue.builder()
                                .dataType(attribute.type() == Attribute.Type.NUMBER ? "Number" : "String")
                                .stringValue(attribute.text())
                                .build()));
        return values;
    }
}
