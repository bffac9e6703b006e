package dev.sluice.mapping;

import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The compiled pipeline: unpacks a body, walks its JSON once without building a tree, and fills the columns. Everything
 * it makes of a message is in its answer; it keeps nothing but a counter. Thread-safe.
 */
final class JsonMapper implements Mapper {

    /** Tokens of one record, about two a field: an event has tens of fields, not thousands. */
    private static final long MAX_RECORD_TOKENS = 20_000;

    private final String pipeline;
    private final Unpacking unpacking;
    private final CompiledColumn[] columns;
    private final FieldNode fields;
    private final Sealer sealer;
    private final LongAdder droppedFields = new LongAdder();

    JsonMapper(String pipeline, Unpacking unpacking, CompiledColumn[] columns, FieldNode fields, Sealer sealer) {
        this.pipeline = pipeline;
        this.unpacking = unpacking;
        this.columns = columns.clone();
        this.fields = fields;
        this.sealer = sealer;
    }

    @Override
    public List<Outcome> map(String messageId, Instant sentAt, byte[] message) {
        Delivery delivery = new Delivery(messageId, sentAt, message);
        Body body = unpacking.unpack(message);
        if (body.reason() != null) {
            return List.of(delivery.rejected(body.reason()));
        }
        try (JsonParser parser = Json.parser(body)) {
            return delivery.records(body, parser);
        }
    }

    @Override
    public long droppedFields() {
        return droppedFields.sum();
    }

    /** One message on its way through; holds what each of its outcomes needs. */
    private final class Delivery {

        private final String associatedData;
        private final Instant sentAt;
        private final byte[] message;

        Delivery(String messageId, Instant sentAt, byte[] message) {
            this.associatedData = Original.associatedData(pipeline, messageId);
            this.sentAt = sentAt;
            this.message = message;
        }

        List<Outcome> records(Body body, JsonParser parser) {
            List<Outcome> outcomes = new ArrayList<>(1);
            Reason fault;
            try {
                fault = root(body, parser, outcomes);
            } catch (JacksonException e) {
                fault = Json.reason(e, parser);
            }
            if (fault == null && !isLast(parser)) {
                fault = Reason.TRAILING_CONTENT;
            }
            return fault == null ? outcomes : List.of(rejected(ForeignBodies.explain(body, fault)));
        }

        /** Fills {@code outcomes}; answers why the body as a whole is no good, or null. */
        private @Nullable Reason root(Body body, JsonParser parser, List<Outcome> outcomes) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                outcomes.add(object(body, parser, 0, body.length()));
                return null;
            }
            if (token != JsonToken.START_ARRAY) {
                return Reason.NOT_AN_OBJECT;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                outcomes.add(element(body, parser));
            }
            return outcomes.isEmpty() ? Reason.EMPTY_ARRAY : ForeignBodies.pointer(body, outcomes);
        }

        private Outcome element(Body body, JsonParser parser) {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                return object(body, parser, start, -1);
            }
            parser.skipChildren();
            parser.finishToken();
            return new Rejection(Reason.NOT_AN_OBJECT, null, record(body, start, end(parser)));
        }

        /** @param end where the record ends in the body; -1 when that is known only after it was read */
        private Outcome object(Body body, JsonParser parser, int start, int end) {
            long tokensBefore = parser.currentTokenCount();
            RecordReader reader = new RecordReader(columns, parser);
            reader.read(fields, sentAt);
            droppedFields.add(reader.dropped());
            Original original = record(body, start, end < 0 ? end(parser) : end);
            if (parser.currentTokenCount() - tokensBefore > MAX_RECORD_TOKENS) {
                return new Rejection(Reason.TOO_LARGE, null, original);
            }
            Reason reason = reader.reason();
            if (reason == null) {
                return new Row(reader.values(), original);
            }
            Reason envelope = reason == Reason.MISSING ? ForeignBodies.envelope(original.clear()) : null;
            return envelope == null
                    ? new Rejection(reason, reader.column(), original)
                    : new Rejection(envelope, null, original);
        }

        Rejection rejected(Reason reason) {
            return new Rejection(
                    reason, null, new Original(message, 0, message.length, Form.BODY, sealer, associatedData));
        }

        private Original record(Body body, int start, int end) {
            return new Original(body.buffer(), body.offset() + start, end - start, Form.RECORD, sealer, associatedData);
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
}
