package dev.sluice.sqs;

import dev.sluice.encoding.Utf16;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.Attribute;
import dev.sluice.mapping.Attributes;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.TraceHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** Converts the SDK's messages to ours. Stateless. */
final class MessageConverter {

    private MessageConverter() {}

    /**
     * @throws InfrastructureException of kind CONFIG if the service does not report when it accepted the message: without
     *     that the ledger has no key, and a second delivery would make a second row
     */
    static Message message(software.amazon.awssdk.services.sqs.model.Message received, ReceivedAttributes requested) {
        return new Message(
                received.messageId(),
                received.receiptHandle(),
                Instant.ofEpochMilli(number(received, MessageSystemAttributeName.SENT_TIMESTAMP)),
                Math.toIntExact(Math.max(1, number(received, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))),
                bytes(received.body()),
                attributes(received.messageAttributes(), requested),
                requested.traced() ? trace(received) : TraceHeaders.NONE);
    }

    private static TraceHeaders trace(software.amazon.awssdk.services.sqs.model.Message received) {
        MessageAttributeValue traceparent = received.messageAttributes().get(ReceivedAttributes.TRACEPARENT);
        return new TraceHeaders(
                traceparent == null ? null : traceparent.stringValue(),
                received.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER));
    }

    /** Those that the pipeline reads: a trace must not change what is stored or sealed. */
    private static Attributes attributes(Map<String, MessageAttributeValue> received, ReceivedAttributes requested) {
        if (received.isEmpty()) {
            return Attributes.NONE;
        }
        Map<String, Attribute> attributes = new HashMap<>();
        received.forEach((name, value) -> {
            if (!name.equals(ReceivedAttributes.TRACEPARENT) || requested.read().contains(name)) {
                attributes.put(name, attribute(value));
            }
        });
        return attributes.isEmpty() ? Attributes.NONE : Attributes.of(attributes);
    }

    /** Those to be sent, texts and numbers. */
    static Map<String, MessageAttributeValue> attributes(Attributes sent) {
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

    private static Attribute attribute(MessageAttributeValue value) {
        Attribute.Type type = Attribute.Type.of(String.valueOf(value.dataType()));
        return new Attribute(
                type,
                switch (type) {
                    case STRING, NUMBER -> Objects.requireNonNullElse(value.stringValue(), "");
                    case BINARY ->
                        value.binaryValue() == null
                                ? ""
                                : Base64.getEncoder()
                                        .encodeToString(value.binaryValue().asByteArrayUnsafe());
                });
    }

    private static long number(
            software.amazon.awssdk.services.sqs.model.Message received, MessageSystemAttributeName attribute) {
        try {
            return Long.parseLong(String.valueOf(received.attributes().get(attribute)));
        } catch (NumberFormatException missing) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "sqs:ReceiveMessage returned a message without " + attribute
                            + ": the endpoint is not SQS, or the emulator is too old.");
        }
    }

    /**
     * The body in UTF-8. Half of a surrogate pair has no UTF-8, and Java would write a question mark. It becomes the three
     * bytes of its code point (WTF-8), which is not valid UTF-8, so that the mapper rejects the body instead of storing an
     * altered one. AWS rejects such bodies when they are sent; emulators do not.
     */
    static byte[] bytes(String body) {
        return Utf16.indexOfLoneSurrogate(body) < 0 ? body.getBytes(StandardCharsets.UTF_8) : wtf8(body);
    }

    private static byte[] wtf8(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                bytes.write(0xE0 | (codePoint >> 12));
                bytes.write(0x80 | ((codePoint >> 6) & 0x3F));
                bytes.write(0x80 | (codePoint & 0x3F));
            } else {
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
