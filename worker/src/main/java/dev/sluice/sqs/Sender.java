package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.sqs.BatchEntries.Answer;
import dev.sluice.sqs.BatchEntries.FailedEntry;
import dev.sluice.sqs.QueueClient.Refused;
import dev.sluice.sqs.QueueClient.Sent;
import dev.sluice.sqs.SendPlan.Entry;
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
 * Sends the calls of a plan, in rounds: the calls of a round side by side, for a FIFO queue one by one. After a failure
 * no further round is begun, so that it can be said exactly what was sent. Used by one thread.
 */
final class Sender {

    /** With 20 ms a call, 4,000 messages a second; and at most 80 bodies are in doubt when it fails. */
    static final int CALLS_AT_ONCE = 8;

    /** A person waits for it: long enough for a restart of the service, short enough to be told. */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(10);

    private final SqsConnection connection;
    private final String queueUrl;
    private final @Nullable String groupId;
    private final List<Refused> refused = new ArrayList<>();
    private long sent;

    Sender(SqsConnection connection, String queueUrl, @Nullable String groupId) {
        this.connection = connection;
        this.queueUrl = queueUrl;
        this.groupId = groupId;
    }

    Sent send(SendPlan plan, LongConsumer progress) {
        BatchEntries<Entry> call = new BatchEntries<>(GIVE_UP_AFTER, Sender::isRefused, this::sendOnce);
        try (BoundedCalls calls = new BoundedCalls("sqs-send", CALLS_AT_ONCE)) {
            for (List<List<Entry>> round = round(plan); !round.isEmpty(); round = round(plan)) {
                settle(
                        round,
                        calls.map(round, call::run).stream()
                                .flatMap(List::stream)
                                .toList());
                progress.accept(sent);
            }
        }
        return new Sent(
                sent,
                Stream.concat(plan.refused().stream(), refused.stream())
                        .sorted(Comparator.comparingLong(Refused::position))
                        .toList());
    }

    private List<List<Entry>> round(SendPlan plan) {
        int width = groupId == null ? CALLS_AT_ONCE : 1;
        return Stream.generate(plan::nextCall)
                .limit(width)
                .takeWhile(call -> !call.isEmpty())
                .toList();
    }

    private void settle(List<List<Entry>> round, List<FailedEntry<Entry>> undone) {
        sent += round.stream().mapToInt(List::size).sum() - undone.size();
        List<FailedEntry<Entry>> givenUp = new ArrayList<>();
        for (FailedEntry<Entry> entry : undone) {
            if (entry.isFinal() && entry.failure() == null) {
                refused.add(new Refused(entry.entry().position(), entry.code()));
            } else {
                givenUp.add(entry);
            }
        }
        if (!givenUp.isEmpty()) {
            throw stopped(round, givenUp);
        }
    }

    /** Says all that is needed to go on: what is sent, what is missing among it, and what was not tried. */
    private InfrastructureException stopped(List<List<Entry>> round, List<FailedEntry<Entry>> givenUp) {
        FailedEntry<Entry> first = givenUp.getFirst();
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

    /** The sender's fault stays one, unless it is only his haste. */
    private static boolean isRefused(BatchResultErrorEntry failed) {
        String code = String.valueOf(failed.code());
        return Boolean.TRUE.equals(failed.senderFault()) && !code.contains("Throttl") && !code.contains("OverLimit");
    }

    private Answer sendOnce(List<Entry> entries) {
        List<SendMessageBatchRequestEntry> requests = new ArrayList<>();
        for (Entry entry : entries) {
            SendMessageBatchRequestEntry.Builder request = SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(requests.size()))
                    .messageBody(entry.body());
            if (groupId != null) {
                request.messageGroupId(groupId).messageDeduplicationId(entry.deduplicationId());
            }
            requests.add(request.build());
        }
        SendMessageBatchResponse answer = connection.call(
                "sqs:SendMessage",
                sqs -> sqs.sendMessageBatch(
                        request -> request.queueUrl(queueUrl).entries(requests)));
        return new Answer(
                answer.successful().stream()
                        .map(SendMessageBatchResultEntry::id)
                        .toList(),
                answer.failed());
    }
}
