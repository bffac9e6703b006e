package dev.sluice.mapping;

import dev.sluice.keys.KeysException;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Binding;
import dev.sluice.mapping.Original.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The compiled pipeline: unpacks a body, walks its JSON once without building a tree, and fills the columns. Its only
 * state is a counter. Thread-safe.
 */
final class JsonMapper implements Mapper, Remapper {

    /**
     * Maximum elements in one body's array. A full message of 1 MiB holds this many of 16 bytes each, and no event is
     * smaller; without a limit, a mebibyte of {@code 0,0,0} would be half a million quarantine records.
     */
    private static final int MAX_RECORDS = 65_536;

    private final String pipeline;
    private final String protection;
    private final int width;
    private final Unpacking unpacking;
    private final CompiledColumn[] columns;
    private final FieldNode fields;
    private final Sealer sealer;
    private final @Nullable RecordKeys keys;
    private final LongAdder droppedFields = new LongAdder();

    /** @param columns the pipeline's, and after them the field of the idempotency key, if there is one */
    JsonMapper(
            PipelineSpec spec,
            Unpacking unpacking,
            CompiledColumn[] columns,
            FieldNode fields,
            Sealer sealer,
            @Nullable RecordKeys keys) {
        this.pipeline = spec.name();
        this.protection = FieldProtection.of(spec).text();
        this.width = spec.columns().size();
        this.keys = keys;
        this.unpacking = unpacking;
        this.columns = columns.clone();
        this.fields = fields;
        this.sealer = sealer;
    }

    @Override
    public List<Outcome> map(String messageId, Instant sentAt, byte[] message) {
        return unpack(messageId, sentAt, message).map();
    }

    @Override
    public Unpacked unpack(String messageId, Instant sentAt, byte[] message) {
        return unpack(new Delivery(new Binding(pipeline, messageId, protection), sentAt, message));
    }

    private Unpacked unpack(Delivery delivery) {
        Body body = unpacking.unpack(delivery.message);
        return new Unpacked() {
            @Override
            public int bytes() {
                return body.length();
            }

            @Override
            public List<Outcome> map() {
                return mapped(delivery, body);
            }
        };
    }

    private List<Outcome> mapped(Delivery delivery, Body body) {
        if (body.reason() != null) {
            return List.of(delivery.rejected(body.reason()));
        }
        try (JsonParser parser = Json.parser(body)) {
            return delivery.records(body, parser);
        }
    }

    @Override
    public Optional<List<Outcome>> remap(
            Binding sealedAs, String protection, Instant sentAt, int recordIndex, Form form, byte[] sealed) {
        byte[] clear;
        try {
            clear = sealer.unseal(sealed, sealedAs.associatedData());
        } catch (KeysException cannotBeOpened) {
            return Optional.empty();
        }
        Binding binding = new Binding(pipeline, sealedAs.messageId(), protection);
        return Optional.of(remap(new Delivery(binding, sentAt, clear), recordIndex, form));
    }

    private List<Outcome> remap(Delivery delivery, int recordIndex, Form form) {
        if (form == Form.BODY) {
            return unpack(delivery).map();
        }
        Body body = Body.of(delivery.message);
        try (JsonParser parser = Json.parser(body)) {
            return List.of(delivery.single(body, parser, recordIndex));
        }
    }

    @Override
    public long droppedFields() {
        return droppedFields.sum();
    }

    /** One message being mapped; holds what each of its outcomes needs. */
    private final class Delivery {

        private final Binding binding;
        private final Instant sentAt;
        private final byte[] message;

        Delivery(Binding binding, Instant sentAt, byte[] message) {
            this.binding = binding;
            this.sentAt = sentAt;
            this.message = message;
        }

        List<Outcome> records(Body body, JsonParser parser) {
            List<Outcome> outcomes = new ArrayList<>(1);
            Reason fault;
            try {
                fault = root(body, parser, outcomes);
            } catch (JacksonException e) {
                fault = Json.reason(e, parser, body);
            }
            if (fault == null && !isLast(parser)) {
                fault = Reason.TRAILING_CONTENT;
            }
            return fault == null ? outcomes : List.of(rejected(ForeignBodies.explain(body, fault)));
        }

        /** A record that was already extracted from its body. */
        Outcome single(Body body, JsonParser parser, int index) {
            Reason fault = Reason.NOT_AN_OBJECT;
            try {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    Outcome outcome = object(body, parser, index, 0, body.length());
                    fault = isLast(parser) ? null : Reason.TRAILING_CONTENT;
                    if (fault == null) {
                        return outcome;
                    }
                }
            } catch (JacksonException e) {
                fault = Json.reason(e, parser, body);
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
            return outcomes.isEmpty() ? Reason.EMPTY_ARRAY : ForeignBodies.pointer(body, outcomes);
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
            RecordReader reader = new RecordReader(columns, parser);
            reader.read(fields, sentAt);
            droppedFields.add(reader.dropped());
            Object id = columns.length > width ? reader.values()[width] : null;
            Original original = record(body, index, id, start, end < 0 ? end(parser) : end);
            if (parser.currentTokenCount() - tokensBefore > Json.MAX_RECORD_TOKENS) {
                return new Rejection(Reason.TOO_LARGE, null, original);
            }
            Reason reason = reader.reason();
            if (reason == null) {
                return new Row(
                        columns.length > width ? Arrays.copyOf(reader.values(), width) : reader.values(), original);
            }
            Reason envelope = reason == Reason.MISSING ? ForeignBodies.envelope(original.clear()) : null;
            if (envelope == null) {
                return new Rejection(reason, reader.column(), original);
            }
            // An envelope must be removed from the whole body, and a replay does that for bodies only.
            return end < 0 ? new Rejection(envelope, null, original) : rejected(envelope);
        }

        Rejection rejected(Reason reason) {
            Original original = new Original(
                    message, 0, message.length, Form.BODY, sealer, binding, key(0, null, message, 0, message.length));
            return new Rejection(reason, null, original);
        }

        /** @param id the producer's id of the record, if it has one */
        private Original record(Body body, int index, @Nullable Object id, int start, int end) {
            int offset = body.offset() + start;
            int length = end - start;
            byte[] key = key(index, id, body.buffer(), offset, length);
            return new Original(body.buffer(), offset, length, Form.RECORD, sealer, binding, key);
        }

        private byte @Nullable [] key(int index, @Nullable Object id, byte[] buffer, int offset, int length) {
            return keys == null ? null : keys.key(id, binding.messageId() + "/" + index, buffer, offset, length);
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
