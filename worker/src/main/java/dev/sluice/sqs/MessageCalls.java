package dev.sluice.sqs;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.HttpClients;
import dev.sluice.aws.JsonCalls;
import dev.sluice.pipeline.Message;
import dev.sluice.sqs.BatchEntries.BatchResult;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The calls that are made for every ten messages, without the SDK's client for SQS, which costs more than all else that a
 * worker does. They go where that client's calls go, so it must have made one. Three connection pools, so that no number of
 * long polls keeps a delete waiting for a connection (misk #3811), and only long polls have a long time-out. Thread-safe.
 * Every method blocks and fails with InfrastructureException only.
 */
final class MessageCalls implements AutoCloseable {

    /** A healthy endpoint accepts within one round trip; two SYNs are lost before this is over (RFC 6298: 1 s, then 2 s). */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** The longest long poll is 20 s (SQS API reference, ReceiveMessage); half of that again for the answer. */
    private static final Duration LONG_POLL_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Short, so that a delete without an answer is retried before the visibility timeout ends, and a receive that hangs
     * delays the messages in flight by about a third of the default visibility timeout, including its second attempt.
     */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** One retry, for a pooled connection that the other side has closed; for anything else the caller backs off. */
    static final int ATTEMPTS = 2;

    static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    /** Ten messages of 1 MiB (SQS quotas), of which JSON may write each byte with six, and what is around them. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonCalls polling;
    private final JsonCalls receiving;
    private final JsonCalls settling;

    MessageCalls(AwsConnection aws) {
        this.polling = calls(aws, LONG_POLL_TIMEOUT);
        this.receiving = calls(aws, ANSWER_TIMEOUT);
        this.settling = calls(aws, ANSWER_TIMEOUT);
    }

    private static JsonCalls calls(AwsConnection aws, Duration answerTimeout) {
        return new JsonCalls(
                aws,
                new JsonCalls.Protocol("sqs", "1.0", MAX_ANSWER_BYTES),
                aws::destination,
                HttpClients.create(CONNECT_TIMEOUT, answerTimeout),
                new JsonCalls.Retries(ATTEMPTS, BETWEEN_ATTEMPTS));
    }

    /**
     * What a ReceiveMessage asks for.
     *
     * @param messages at most, 1 to 10
     * @param waitSeconds for a first message, 0 to 20
     * @param hiddenSeconds for how long the messages are hidden from others; null for the queue's visibility timeout
     */
    record Request(int messages, int waitSeconds, @Nullable Integer hiddenSeconds, ReceivedAttributes attributes) {}

    /** Calls ReceiveMessage. Fails also if a body or its attributes do not match the service's checksum of them. */
    List<Message> receive(String queueUrl, Request request) {
        JsonCalls calls = request.waitSeconds() > 0 ? polling : receiving;
        return calls.call(
                "sqs:ReceiveMessage",
                "AmazonSQS.ReceiveMessage",
                json(queueUrl, json -> {
                    json.writeNumberProperty("MaxNumberOfMessages", request.messages());
                    json.writeNumberProperty("WaitTimeSeconds", request.waitSeconds());
                    if (request.hiddenSeconds() != null) {
                        json.writeNumberProperty("VisibilityTimeout", request.hiddenSeconds());
                    }
                    write(
                            json,
                            "MessageSystemAttributeNames",
                            request.attributes().systemNames());
                    write(json, "MessageAttributeNames", request.attributes().names());
                }),
                answer -> ReceiveAnswer.read(answer, request.attributes()));
    }

    /** Calls DeleteMessageBatch, for at most ten messages. Their ids in the answer are their positions. */
    BatchResult delete(String queueUrl, List<Message> messages) {
        return settling.call(
                "sqs:DeleteMessage",
                "AmazonSQS.DeleteMessageBatch",
                entries(queueUrl, messages, (json, message) -> {}),
                BatchAnswer::read);
    }

    /**
     * Calls ChangeMessageVisibilityBatch, for at most ten messages. Their ids in the answer are their positions.
     *
     * @param seconds for how long from now each is hidden; 0 makes it visible
     */
    BatchResult hide(String queueUrl, List<Message> messages, ToIntFunction<Message> seconds) {
        return settling.call(
                "sqs:ChangeMessageVisibility",
                "AmazonSQS.ChangeMessageVisibilityBatch",
                entries(
                        queueUrl,
                        messages,
                        (json, message) -> json.writeNumberProperty("VisibilityTimeout", seconds.applyAsInt(message))),
                BatchAnswer::read);
    }

    private interface EntryWriter {
        void write(JsonGenerator json, Message message);
    }

    private static byte[] entries(String queueUrl, List<Message> messages, EntryWriter more) {
        return json(queueUrl, json -> {
            json.writeArrayPropertyStart("Entries");
            for (int position = 0; position < messages.size(); position++) {
                json.writeStartObject();
                json.writeStringProperty("Id", Integer.toString(position));
                json.writeStringProperty("ReceiptHandle", messages.get(position).receiptHandle());
                more.write(json, messages.get(position));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, String property, List<String> values) {
        if (!values.isEmpty()) {
            json.writeArrayPropertyStart(property);
            values.forEach(json::writeString);
            json.writeEndArray();
        }
    }

    private static byte[] json(String queueUrl, Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("QueueUrl", queueUrl);
            content.accept(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        polling.close();
        receiving.close();
        settling.close();
    }
}
