package dev.sluice.mapping;

import dev.sluice.mapping.Original.Binding;
import dev.sluice.mapping.Original.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Maps one message: walks its JSON, and gives each outcome the original that it came from. Used once, by one thread. */
final class MessageMapping {

    /**
     * Maximum elements in one body's array. A full message of 1 MiB holds this many of 16 bytes each, and no event is
     * smaller; without a limit, a mebibyte of {@code 0,0,0} would be half a million quarantine records.
     */
    private static final int MAX_RECORDS = 65_536;

    private final JsonMapper mapper;
    private final Binding binding;
    private final Instant sentAt;
    private final byte[] message;
    private final Attributes attributes;
    private final @Nullable Object[] attributeValues;

    MessageMapping(JsonMapper mapper, Binding binding, Instant sentAt, byte[] message, Attributes attributes) {
        this.mapper = mapper;
        this.binding = binding;
        this.sentAt = sentAt;
        this.message = message;
        this.attributes = mapper.attributes.named(attributes);
        this.attributeValues = mapper.attributes.values(this.attributes);
    }

    /** The message's attributes that columns read. */
    Attributes attributes() {
        return attributes;
    }

    /** At least one outcome. */
    List<Outcome> records(Body body) {
        if (body.reason() != null) {
            return List.of(rejected(body.reason()));
        }
        List<Outcome> outcomes = new ArrayList<>(1);
        Reason fault;
        try (JsonParser parser = Json.parser(body)) {
            try {
                fault = root(body, parser, outcomes);
            } catch (JacksonException e) {
                fault = Json.reason(e, parser, body);
            }
            if (fault == null && !isLast(parser)) {
                fault = Reason.TRAILING_CONTENT;
            }
        }
        return fault == null ? outcomes : List.of(rejected(ForeignBodies.explain(body, fault)));
    }

    /** The outcome of a message that is one record, already extracted from its body. */
    Outcome single(int index) {
        Body body = Body.of(message);
        Reason fault = Reason.NOT_AN_OBJECT;
        try (JsonParser parser = Json.parser(body)) {
            try {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    Outcome outcome = object(body, parser, index, 0, body.length());
                    if (isLast(parser)) {
                        return outcome;
                    }
                    fault = Reason.TRAILING_CONTENT;
                }
            } catch (JacksonException e) {
                fault = Json.reason(e, parser, body);
            }
        }
        return new Rejection(fault, null, record(body, index, null, 0, body.length()));
    }

    /** Fills {@code outcomes}; returns why the body as a whole is invalid, or null. */
    private @Nullable Reason root(Body body, JsonParser parser, List<Outcome> outcomes) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_OBJECT) {
            outcomes.add(object(body, parser, 0, 0, body.length()));
            return null;
        }
        if (token != JsonToken.START_ARRAY) {
            return Reason.NOT_AN_OBJECT;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (outcomes.size() == MAX_RECORDS) {
                outcomes.clear();
                return Reason.TOO_LARGE;
            }
            outcomes.add(element(body, parser, outcomes.size()));
        }
        if (outcomes.isEmpty()) {
            return Reason.EMPTY_ARRAY;
        }
        Reason pointer = ForeignBodies.pointer(body, outcomes);
        return pointer == null ? ForeignBodies.batch(outcomes) : pointer;
    }

    private Outcome element(Body body, JsonParser parser, int index) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object(body, parser, index, start, -1);
        }
        parser.skipChildren();
        parser.finishToken();
        return new Rejection(Reason.NOT_AN_OBJECT, null, record(body, index, null, start, end(parser)));
    }

    /** @param end where the record ends in the body; -1 if that is known only after reading it */
    private Outcome object(Body body, JsonParser parser, int index, int start, int end) {
        long tokensBefore = parser.currentTokenCount();
        RecordReader reader = new RecordReader(mapper.columns, parser, mapper.counters);
        reader.read(mapper.fields, attributeValues, sentAt);
        Object id = mapper.columns.length > mapper.width ? reader.values()[mapper.width] : null;
        Original original = record(body, index, id, start, end < 0 ? end(parser) : end);
        if (parser.currentTokenCount() - tokensBefore > Json.MAX_RECORD_TOKENS) {
            return new Rejection(Reason.TOO_LARGE, null, original);
        }
        Reason reason = reader.reason();
        if (reason == null) {
            return new Row(
                    mapper.columns.length > mapper.width
                            ? Arrays.copyOf(reader.values(), mapper.width)
                            : reader.values(),
                    original);
        }
        Reason envelope = reason == Reason.MISSING ? ForeignBodies.envelope(original.clear()) : null;
        if (envelope == null) {
            return new Rejection(reason, reader.column(), original);
        }
        // An envelope must be removed from the whole body, and a replay does that for bodies only.
        return end < 0 ? new Rejection(envelope, null, original) : rejected(envelope);
    }

    private Rejection rejected(Reason reason) {
        return new Rejection(reason, null, original(Body.of(message), Form.BODY, 0, null));
    }

    /** @param id the producer's id of the record, if it has one */
    private Original record(Body body, int index, @Nullable Object id, int start, int end) {
        return original(new Body(body.buffer(), body.offset() + start, end - start, null), Form.RECORD, index, id);
    }

    private Original original(Body clear, Form form, int index, @Nullable Object id) {
        byte[] key =
                mapper.keys == null ? null : mapper.keys.key(id, binding.messageId() + "/" + index, clear, attributes);
        return new Original(clear, attributes, form, mapper.sealer, binding, key);
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }

    private static boolean isLast(JsonParser parser) {
        try {
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
