package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.TraceHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** One message of the answer of ReceiveMessage, while it is read. Used by one thread. */
final class ReceiveAnswer {

    private @Nullable String id;
    private @Nullable String receiptHandle;
    private @Nullable String body;
    private @Nullable String bodyMd5;
    private @Nullable String attributesMd5;
    private final Map<String, @Nullable String> system = HashMap.newHashMap(3);
    private final SortedMap<String, ReceivedAttribute> attributes = new TreeMap<>();

    private ReceiveAnswer() {}

    /**
     * Reads an answer's messages; throws as {@link AnswerJson}, also when a checksum does not match.
     *
     * @throws InfrastructureException of kind CONFIG if the service does not report when it accepted a message: without
     *     that the ledger has no key, and a second delivery would make a second row
     */
    static List<Message> read(byte[] answer, ReceivedAttributes requested) {
        List<Message> messages = new ArrayList<>(ReceivedBatch.PER_CALL);
        Checksums checksums = new Checksums();
        AnswerJson.read(answer, (name, json) -> {
            if (name.equals("Messages")) {
                AnswerJson.elements(json, element -> messages.add(message(element, checksums, requested)));
            } else {
                json.skipChildren();
            }
        });
        return messages;
    }

    private static Message message(JsonParser json, Checksums checksums, ReceivedAttributes requested) {
        ReceiveAnswer message = new ReceiveAnswer();
        AnswerJson.object(json, message::read);
        return message.message(checksums, requested);
    }

    private void read(String name, JsonParser json) {
        switch (name) {
            case "MessageId" -> id = AnswerJson.text(json);
            case "ReceiptHandle" -> receiptHandle = AnswerJson.text(json);
            case "Body" -> body = AnswerJson.text(json);
            case "MD5OfBody" -> bodyMd5 = AnswerJson.text(json);
            case "MD5OfMessageAttributes" -> attributesMd5 = AnswerJson.text(json);
            case "Attributes" ->
                AnswerJson.object(json, (attribute, value) -> system.put(attribute, AnswerJson.text(value)));
            case "MessageAttributes" ->
                AnswerJson.object(json, (attribute, value) -> attributes.put(attribute, ReceivedAttribute.read(value)));
            default -> json.skipChildren();
        }
    }

    private Message message(Checksums checksums, ReceivedAttributes requested) {
        if (id == null || receiptHandle == null || body == null) {
            throw new IllegalArgumentException("a message without id, receipt handle or body");
        }
        byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
        checksums.require(bodyMd5, utf8);
        if (!attributes.isEmpty() && attributesMd5 != null && !attributesMd5.isEmpty()) {
            checksums.require(attributesMd5, ReceivedAttribute.forChecksum(attributes));
        }
        return new Message(
                id,
                receiptHandle,
                Instant.ofEpochMilli(number(ReceivedAttributes.SENT_TIMESTAMP)),
                Math.toIntExact(Math.max(1, number(ReceivedAttributes.RECEIVE_COUNT))),
                BodyBytes.of(body, utf8),
                read(requested),
                requested.traced() ? trace() : TraceHeaders.NONE);
    }

    private TraceHeaders trace() {
        ReceivedAttribute traceparent = attributes.get(ReceivedAttributes.TRACEPARENT);
        return new TraceHeaders(
                traceparent == null ? null : traceparent.text(), system.get(ReceivedAttributes.TRACE_HEADER));
    }

    /** Those that the pipeline reads: a trace must not change what is stored or sealed. */
    private Attributes read(ReceivedAttributes requested) {
        String group = system.get(ReceivedAttributes.MESSAGE_GROUP_ID);
        boolean grouped = group != null && requested.read().contains(Attribute.MESSAGE_GROUP);
        if (attributes.isEmpty() && !grouped) {
            return Attributes.NONE;
        }
        Map<String, Attribute> read = new HashMap<>();
        if (grouped) {
            read.put(Attribute.MESSAGE_GROUP, new Attribute(Attribute.Type.STRING, Objects.requireNonNull(group)));
        }
        attributes.forEach((name, value) -> {
            if (!name.equals(ReceivedAttributes.TRACEPARENT) || requested.read().contains(name)) {
                read.put(name, value.attribute());
            }
        });
        return Attributes.of(read);
    }

    private long number(String attribute) {
        try {
            return Long.parseLong(String.valueOf(system.get(attribute)));
        } catch (NumberFormatException missing) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "sqs:ReceiveMessage returned a message without " + attribute
                            + ": the endpoint is not SQS, or the emulator is too old.");
        }
    }
}
