package dev.sluice.bench.stub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of a request that the stub obeys, whichever operation it is for; others are skipped. Filled once by {@link
 * #read}.
 */
final class Request {

    private static final JsonFactory JSON = new JsonFactory();

    /** What an entry of a batch or a call for one message names. */
    static final class Entry {
        String id = "";
        String receiptHandle = "";
        int visibilityTimeout;
    }

    /** SQS's default of MaxNumberOfMessages. */
    int maxNumberOfMessages = 1;

    int waitTimeSeconds;

    /** Absent: the queue's own. */
    @Nullable
    Integer visibilityTimeout;

    @Nullable
    String queueName;

    /** Of queues or of messages, under either name that the protocol has for the latter. */
    final Set<String> attributeNames = new HashSet<>();

    final List<Entry> entries = new ArrayList<>();

    /** The handle of a call for one message. */
    String receiptHandle = "";

    private Request() {}

    /** @throws tools.jackson.core.JacksonException if it is not JSON */
    static Request read(byte[] buffer, int offset, int length) {
        Request request = new Request();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), buffer, offset, length)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                request.member(name, parser);
            }
        }
        return request;
    }

    private void member(String name, JsonParser parser) {
        switch (name) {
            case "MaxNumberOfMessages" -> maxNumberOfMessages = parser.getIntValue();
            case "WaitTimeSeconds" -> waitTimeSeconds = parser.getIntValue();
            case "VisibilityTimeout" -> visibilityTimeout = parser.getIntValue();
            case "QueueName" -> queueName = parser.getString();
            case "ReceiptHandle" -> receiptHandle = parser.getString();
            case "AttributeNames", "MessageSystemAttributeNames" -> names(parser);
            case "Entries" -> entries(parser);
            default -> parser.skipChildren();
        }
    }

    private void names(JsonParser parser) {
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
            attributeNames.add(parser.getString());
        }
    }

    private void entries(JsonParser parser) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            Entry entry = new Entry();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "Id" -> entry.id = parser.getString();
                    case "ReceiptHandle" -> entry.receiptHandle = parser.getString();
                    case "VisibilityTimeout" -> entry.visibilityTimeout = parser.getIntValue();
                    default -> parser.skipChildren();
                }
            }
            entries.add(entry);
        }
    }

    /** Whether an attribute was asked for, by its name or by {@code All}. */
    boolean wants(String attribute) {
        return attributeNames.contains(attribute) || attributeNames.contains("All");
    }
}
