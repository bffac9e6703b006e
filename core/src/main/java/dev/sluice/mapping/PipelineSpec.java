package dev.sluice.mapping;

import dev.sluice.detect.PersonalData;
import dev.sluice.encoding.Labelled;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as its file describes it, validated: where events come from, which table they go to, and how each column
 * is filled. Data only; {@code Mappers} compiles it.
 *
 * @param name the pipeline's name, part of every token's associated data: renaming a pipeline changes its tokens
 * @param version the first 12 hex digits of the SHA-256 of the file before its tests: shows which spec a quarantined record failed under
 * @param source where messages come from and how their bodies are packed
 * @param sink the table
 * @param columns at least one, in the table's order, names unique
 * @param tenants where an event names the tenant with whose keys it is masked; null if all are masked with the same
 */
public record PipelineSpec(
        String name, String version, Source source, Sink sink, List<Column> columns, @Nullable TenantSource tenants) {

    /** Copies the columns. */
    public PipelineSpec {
        columns = List.copyOf(columns);
    }

    /** One that masks all events with the same keys. */
    public PipelineSpec(String name, String version, Source source, Sink sink, List<Column> columns) {
        this(name, version, source, sink, columns, null);
    }

    /**
     * @param queue a queue's name or URL; a setting may override it
     * @param unwrap the envelope around each event
     * @param compression how the body is packed
     * @param idempotencyKey what identifies a record
     */
    public record Source(String queue, Unwrap unwrap, Compression compression, IdempotencyKey idempotencyKey) {}

    /**
     * @param schema the table's schema; null leaves it to the search path
     * @param table the table's name
     * @param reject what happens to rejected records
     * @param rowsTakenByTrigger what it means if the table stores fewer rows than it was given, without an error
     * @param foundIn the schema of the search path in which the database has the table, or would create it; null before
     *     the database was asked, and if {@code schema} is set
     */
    public record Sink(
            @Nullable String schema,
            String table,
            Rejects reject,
            RowsTakenByTrigger rowsTakenByTrigger,
            @Nullable String foundIn) {

        /** As written in a pipeline file: no database was asked. */
        public Sink(@Nullable String schema, String table, Rejects reject, RowsTakenByTrigger rowsTakenByTrigger) {
            this(schema, table, reject, rowsTakenByTrigger, null);
        }

        /** With the defaults: quarantine, and no rows taken by triggers. */
        public Sink(@Nullable String schema, String table) {
            this(schema, table, Rejects.QUARANTINE, RowsTakenByTrigger.REFUSE);
        }

        /** The same table, in that schema of a database. */
        public Sink foundIn(String home) {
            return new Sink(schema, table, reject, rowsTakenByTrigger, home);
        }

        /** The table's schema, set or found; null if it is not set and no database was asked. */
        public @Nullable String home() {
            return schema == null ? foundIn : schema;
        }

        /** As written in the pipeline file, for messages: {@code schema.table} or {@code table}, unquoted. */
        public String qualifiedName() {
            return schema == null ? table : schema + "." + table;
        }
    }

    /** The same pipeline with another sink. */
    public PipelineSpec into(Sink other) {
        return new PipelineSpec(name, version, source, other, columns, tenants);
    }

    /** The fields that are masked with keys, as {@link Masks#field} names them, in the columns' order. */
    public Map<String, KeyKind> keyedFields() {
        Map<String, KeyKind> fields = new LinkedHashMap<>();
        for (Column column : columns) {
            KeyKind kind =
                    column.mask() == null ? null : Masks.keyKind(column.mask().kind());
            if (kind != null) {
                fields.put(Masks.field(name, column.name()), kind);
            }
        }
        return fields;
    }

    /** The keysets of a tenant; empty if none of them is for this pipeline, since a file may hold those of others. */
    public Optional<Keysets> keysetsOf(String tenant, Keysets all) {
        return all.tenant(tenant).filter(own -> keyedFields().keySet().stream().anyMatch(own::has));
    }

    /** The tenants that have {@link #keysetsOf keysets} for this pipeline, sorted. */
    public List<String> tenantsIn(Keysets all) {
        return all.tenants().stream()
                .filter(tenant -> keysetsOf(tenant, all).isPresent())
                .toList();
    }

    /** The message attributes that are read for columns or the tenant, each once; see {@link Attribute#MESSAGE_GROUP}. */
    public List<String> attributes() {
        Stream<@Nullable String> tenant =
                Stream.of(tenants instanceof TenantSource.Attribute named ? named.name() : null);
        return Stream.concat(columns.stream().map(Column::fromAttribute), tenant)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /**
     * One column: {@code from} or {@code fromAttribute} is read, then converted, then masked.
     *
     * @param name the column's name
     * @param from where the value is in the event: field names from the root; null if an attribute or only a default fills
     *     it
     * @param fromAttribute the name of the message attribute that holds the value; null if there is {@code from}, or only
     *     a default
     * @param type the SQL type
     * @param required whether a record without a value is rejected; a blank text counts as no value
     * @param fallback what replaces an absent or null field; null for SQL's NULL
     * @param convert how the JSON value is converted; null if its own type is the column's
     * @param mask how it is masked; null if it is stored as it is
     * @param contains personal data that the author means to store unmasked; null if none
     */
    public record Column(
            String name,
            @Nullable List<String> from,
            @Nullable String fromAttribute,
            ColumnType type,
            boolean required,
            @Nullable Default fallback,
            @Nullable Convert convert,
            @Nullable MaskSpec mask,
            @Nullable PersonalData contains) {}

    /** What replaces an absent value. */
    public sealed interface Default {

        /** The value, of the class of the column's type. */
        Object value(Instant sentAt);

        /** @param constant of the class of the column's type, already checked to fit */
        record Constant(Object constant) implements Default {
            @Override
            public Object value(Instant sentAt) {
                return constant;
            }
        }

        /** The day (UTC) on which SQS accepted the message; for {@code date}. */
        record SentDate() implements Default {
            @Override
            public Object value(Instant sentAt) {
                return sentAt.atOffset(ZoneOffset.UTC).toLocalDate();
            }
        }

        /** The instant at which SQS accepted the message; for {@code timestamptz}. */
        record SentTime() implements Default {
            @Override
            public Object value(Instant sentAt) {
                return sentAt;
            }
        }
    }

    /** Envelopes that are removed before mapping. */
    public enum Unwrap implements Labelled {
        /** The body is the event. */
        NONE,
        /** The body is an SNS notification, the event is its {@code Message}. */
        SNS,
        /** The body is an EventBridge event, the event is its {@code detail}. */
        EVENTBRIDGE,
        /** The body is a CloudEvent in JSON, or a batch of them; the event is its data. */
        CLOUDEVENTS
    }

    /** What happens to a message with a rejected record. */
    public enum Rejects implements Labelled {
        /** The record is sealed and quarantined; the message is settled. */
        QUARANTINE,
        /** Nothing of the message is stored; it stays on the queue until the redrive policy moves it. */
        DLQ
    }

    /**
     * What happens to a row that a {@code BEFORE INSERT .. FOR EACH ROW} trigger of the table drops (returns NULL for).
     */
    public enum RowsTakenByTrigger implements Labelled {
        /** It was not stored: its record is rejected. */
        REFUSE,
        /** The trigger stored it elsewhere, as in partitioning by inheritance: it counts as stored. */
        ACCEPT
    }

    /** How the event is compressed within the body. */
    public enum Compression implements Labelled {
        /** It is not compressed. */
        NONE,
        /** gzip (RFC 1952), then base64 (RFC 4648, section 4), since a body is text. */
        GZIP
    }
}
