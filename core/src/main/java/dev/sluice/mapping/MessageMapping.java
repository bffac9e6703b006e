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

    /** Of the last record, and the attributes' values under their masks: the next record mostly has the same. */
    private @Nullable KeyedColumns columns;

    private @Nullable Object[] attributeValues = {};

    MessageMapping(JsonMapper mapper, Binding binding, Instant sentAt, byte[] message, Attributes attributes) {
        this.mapper = mapper;
        this.binding = binding;
        this.sentAt = sentAt;
        this.message = message;
        this.attributes = mapper.read(attributes);
    }

    /** The message's attributes that the pipeline reads. */
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
        return new Rejection(fault, null, record(body, null, index, null, 0, body.length()));
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
        return new Rejection(Reason.NOT_AN_OBJECT, null, record(body, null, index, null, start, end(parser)));
    }

    /** @param end where the record ends in the body; -1 if that is known only after reading it */
    private Outcome object(Body body, JsonParser parser, int index, int start, int end) {
        Object found = mapper.columns.columns(body, start, attributes);
        if (!(found instanceof KeyedColumns keyed)) {
            parser.skipChildren();
            parser.finishToken();
            Original unread = record(body, null, index, null, start, end < 0 ? end(parser) : end);
            return rejected((Reason) found, null, unread, end < 0);
        }
        long tokensBefore = parser.currentTokenCount();
        RecordReader reader = new RecordReader(keyed.columns(), parser, mapper.counters);
        reader.read(mapper.fields, attributeValues(keyed), sentAt);
        boolean hasId = keyed.columns().length > mapper.width;
        Object id = hasId ? reader.values()[mapper.width] : null;
        Original original = record(body, keyed, index, id, start, end < 0 ? end(parser) : end);
        if (parser.currentTokenCount() - tokensBefore > Json.MAX_RECORD_TOKENS) {
            return new Rejection(Reason.TOO_LARGE, null, original);
        }
        Reason reason = reader.reason();
        return reason == null
                ? new Row(hasId ? Arrays.copyOf(reader.values(), mapper.width) : reader.values(), original)
                : rejected(reason, reader.column(), original, end < 0);
    }

    /** @param element whether the record is an element of an array */
    private Rejection rejected(Reason reason, @Nullable String column, Original original, boolean element) {
        boolean absent = reason == Reason.MISSING || reason == Reason.NO_TENANT;
        Reason envelope = absent ? ForeignBodies.envelope(original.clear()) : null;
        if (envelope == null) {
            return new Rejection(reason, column, original);
        }
        // An envelope must be removed from the whole body, and a replay does that for bodies only.
        return element ? new Rejection(envelope, null, original) : rejected(envelope);
    }

    private @Nullable Object[] attributeValues(KeyedColumns keyed) {
        if (!keyed.equals(columns)) {
            columns = keyed;
            attributeValues = keyed.values(attributes);
        }
        return attributeValues;
    }

    private Rejection rejected(Reason reason) {
        return new Rejection(reason, null, original(Body.of(message), null, Form.BODY, 0, null));
    }

    /**
     * @param keyed what the record was read with; null if it was not read
     * @param id the producer's id of the record, if it has one
     */
    private Original record(
            Body body, @Nullable KeyedColumns keyed, int index, @Nullable Object id, int start, int end) {
        Body clear = new Body(body.buffer(), body.offset() + start, end - start, null);
        return original(clear, keyed, Form.RECORD, index, id);
    }

    private Original original(Body clear, @Nullable KeyedColumns keyed, Form form, int index, @Nullable Object id) {
        String place = binding.messageId() + "/" + index;
        String tenant = keyed == null ? null : keyed.tenant();
        byte[] key = mapper.keys == null ? null : mapper.keys.key(id, place, clear, attributes, tenant);
        return new Original(clear, attributes, form, keyed == null ? mapper.sealer : keyed.sealer(), binding, key);
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
