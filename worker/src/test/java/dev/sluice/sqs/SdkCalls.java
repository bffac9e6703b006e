package dev.sluice.sqs;

import dev.sluice.aws.AwsConnection;
import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.TraceHeaders;
import dev.sluice.sqs.BatchEntries.BatchResult;
import dev.sluice.sqs.BatchEntries.EntryError;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** The SDK's client for SQS, which {@link MessageCalls} must agree with. */
record SdkCalls(AwsConnection aws, SqsClient sqs, String queueUrl) {

    List<Message> receive(MessageCalls.Request request) {
        return aws
                .call(
                        "sqs:ReceiveMessage",
                        () -> sqs.receiveMessage(builder -> builder.queueUrl(queueUrl)
                                .maxNumberOfMessages(request.messages())
                                .waitTimeSeconds(request.waitSeconds())
                                .visibilityTimeout(request.hiddenSeconds())
                                .messageAttributeNames(request.attributes().names())
                                .messageSystemAttributeNamesWithStrings(
                                        request.attributes().systemNames())))
                .messages()
                .stream()
                .map(SdkCalls::message)
                .toList();
    }

    private static Message message(software.amazon.awssdk.services.sqs.model.Message message) {
        Map<MessageSystemAttributeName, String> system = message.attributes();
        return new Message(
                message.messageId(),
                message.receiptHandle(),
                Instant.ofEpochMilli(Long.parseLong(system.get(MessageSystemAttributeName.SENT_TIMESTAMP))),
                Integer.parseInt(system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
                message.body().getBytes(StandardCharsets.UTF_8),
                Attributes.of(message.messageAttributes().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> attribute(entry.getValue())))),
                TraceHeaders.NONE);
    }

    private static Attribute attribute(MessageAttributeValue value) {
        Attribute.Type type = Attribute.Type.of(value.dataType());
        return new Attribute(
                type,
                type == Attribute.Type.BINARY
                        ? Base64.getEncoder().encodeToString(value.binaryValue().asByteArray())
                        : value.stringValue());
    }

    BatchResult delete(List<Message> messages) {
        DeleteMessageBatchResponse answer = aws.call(
                "sqs:DeleteMessage",
                () -> sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl)
                        .entries(IntStream.range(0, messages.size())
                                .mapToObj(position -> DeleteMessageBatchRequestEntry.builder()
                                        .id(Integer.toString(position))
                                        .receiptHandle(messages.get(position).receiptHandle())
                                        .build())
                                .toList())));
        return new BatchResult(
                answer.successful().stream()
                        .map(DeleteMessageBatchResultEntry::id)
                        .collect(Collectors.toSet()),
                answer.failed().stream()
                        .map(failed -> new EntryError(failed.id(), failed.code(), failed.senderFault()))
                        .toList());
    }
}
