package dev.sluice.mapping;

import dev.sluice.keys.KeysException;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original.Binding;
import dev.sluice.mapping.Original.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The compiled pipeline: unpacks a body, walks its JSON once without a tree, fills the columns. Thread-safe. */
final class JsonMapper implements Mapper, Remapper {

    private final String pipeline;
    private final String protection;
    final int width;
    private final Unpacking unpacking;
    final ColumnSource columns;
    final FieldNode fields;
    final Sealer sealer;
    final @Nullable RecordKeys keys;
    final FieldCounters counters;
    private final Set<String> attributes;

    /** @param sealer for bodies as a whole, and for records without columns */
    JsonMapper(
            PipelineSpec spec,
            Unpacking unpacking,
            ColumnSource columns,
            FieldNode fields,
            Sealer sealer,
            @Nullable RecordKeys keys,
            FieldCounters counters) {
        this.pipeline = spec.name();
        this.protection = FieldProtection.of(spec).text();
        this.width = spec.columns().size();
        this.keys = keys;
        this.unpacking = unpacking;
        this.columns = columns;
        this.attributes = Set.copyOf(spec.attributes());
        this.counters = counters;
        this.fields = fields;
        this.sealer = sealer;
    }

    /** Finds the columns for a record. */
    interface ColumnSource {

        /**
         * The columns with the keys that the record is masked with.
         *
         * @param start of the record in {@code body}
         * @return {@link KeyedColumns}, or the {@link Reason} why the record is rejected unread
         */
        Object columns(Body body, int start, Attributes attributes);
    }

    /** Those that the pipeline reads. */
    Attributes read(Attributes ofMessage) {
        return ofMessage.only(attributes);
    }

    @Override
    public Batch begin() {
        return new JsonBatch();
    }

    private final class JsonBatch implements Batch {

        private final List<Outcome> outcomes = new ArrayList<>();

        @Override
        public Unpacked unpack(String messageId, Instant sentAt, byte[] received, Attributes attributes) {
            Binding binding = new Binding(pipeline, messageId, protection);
            MessageMapping message = new MessageMapping(JsonMapper.this, binding, sentAt, received, attributes);
            Body body = unpacking.unpack(received);
            return new Unpacked(body.length() + message.attributes().bytes(), () -> {
                List<Outcome> records = message.records(body);
                outcomes.addAll(records);
                return records;
            });
        }

        @Override
        public void mask() {
            for (int column = 0; column < width; column++) {
                for (Outcome outcome : outcomes) {
                    if (outcome instanceof Row row) {
                        row.value(column);
                    }
                }
            }
        }
    }

    @Override
    public Optional<List<Outcome>> remap(
            Binding sealedAs, String protection, Instant sentAt, int recordIndex, Form form, byte[] sealed) {
        Attributes.Framed clear;
        try {
            clear = Attributes.Framed.parse(sealer.unseal(sealed, sealedAs.associatedData()));
        } catch (KeysException cannotBeOpened) {
            return Optional.empty();
        }
        Binding binding = new Binding(pipeline, sealedAs.messageId(), protection);
        MessageMapping message = new MessageMapping(this, binding, sentAt, clear.bytes(), clear.attributes());
        return Optional.of(
                form == Form.BODY
                        ? message.records(unpacking.unpack(clear.bytes()))
                        : List.of(message.single(recordIndex)));
    }

    @Override
    public FieldCounts fieldCounts() {
        return counters.counts();
    }
}
