package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import dev.sluice.mask.MaskSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as its file describes it, checked: where events come from, which table they go to, and how each column is
 * made. Data only; {@code Mappers} compiles it.
 *
 * @param name the pipeline's name, part of every token's associated data: renaming a pipeline changes its tokens
 * @param version the first 12 hex digits of the SHA-256 of the file: tells which spec a quarantined record failed under
 * @param source where messages come from and how their bodies are packed
 * @param sink the table
 * @param columns at least one, in the table's order, names unique
 */
public record PipelineSpec(String name, String version, Source source, Sink sink, List<Column> columns) {

    /** Copies the columns. */
    public PipelineSpec {
        columns = List.copyOf(columns);
    }

    /**
     * @param queue a queue's name or URL; a setting may override it
     * @param unwrap the envelope around each event
     * @param compression how the body is packed
     * @param idempotencyKey what makes two records the same one
     */
    public record Source(String queue, Unwrap unwrap, Compression compression, IdempotencyKey idempotencyKey) {

        /** Records known by their messages, as by default. */
        public Source(String queue, Unwrap unwrap, Compression compression) {
            this(queue, unwrap, compression, new IdempotencyKey.MessageId());
        }
    }

    /**
     * @param schema the table's schema; null leaves it to the search path
     * @param table the table's name
     * @param reject what becomes of records that make no row
     * @param rowsTakenByTrigger what it means when the table stores fewer rows than it was given, without an error
     * @param foundIn the schema on the search path in which a database was found to have the table, or would create it; null
     *     before it was asked, and where {@code schema} says it
     */
    public record Sink(
            @Nullable String schema,
            String table,
            Rejects reject,
            RowsTakenByTrigger rowsTakenByTrigger,
            @Nullable String foundIn) {

        /** As a pipeline file says it: no database was asked. */
        public Sink(@Nullable String schema, String table, Rejects reject, RowsTakenByTrigger rowsTakenByTrigger) {
            this(schema, table, reject, rowsTakenByTrigger, null);
        }

        /** With the quarantine, and no rows taken by triggers, as by default. */
        public Sink(@Nullable String schema, String table) {
            this(schema, table, Rejects.QUARANTINE);
        }

        /** With no rows taken by triggers, as by default. */
        public Sink(@Nullable String schema, String table, Rejects reject) {
            this(schema, table, reject, RowsTakenByTrigger.REFUSE);
        }

        /** The same table, in that schema of a database. */
        public Sink foundIn(String home) {
            return new Sink(schema, table, reject, rowsTakenByTrigger, home);
        }

        /** As the pipeline says it, for messages: {@code schema.table} or {@code table}, unquoted. */
        public String qualifiedName() {
            return schema == null ? table : schema + "." + table;
        }
    }

    /** The same pipeline into another sink. */
    public PipelineSpec into(Sink other) {
        return new PipelineSpec(name, version, source, other, columns);
    }

    /**
     * One column: {@code from} is read, then converted, then masked.
     *
     * @param name the column's name
     * @param from where the value stands in the event: field names from the root; null when only a default fills it
     * @param type the SQL type
     * @param required whether a record without a value is rejected; a blank text is no value
     * @param fallback what stands in for an absent or null field; null for SQL's NULL
     * @param convert how the JSON value becomes the column's; null when its own type is the column's
     * @param mask how it is masked; null when it is stored as it is
     */
    public record Column(
            String name,
            @Nullable List<String> from,
            ColumnType type,
            boolean required,
            @Nullable Default fallback,
            @Nullable Convert convert,
            @Nullable MaskSpec mask) {}

    /** What stands in for an absent value. */
    public sealed interface Default {

        /** The value, of the class that the column's type asks for. */
        Object value(Instant sentAt);

        /** @param constant of the class that the column's type asks for, already checked to fit */
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

    /** Envelopes that are taken off before mapping. */
    public enum Unwrap implements Labelled {
        /** The body is the event. */
        NONE,
        /** The body is an SNS notification, the event is its {@code Message}. */
        SNS
    }

    /** What becomes of a message with a record that makes no row. */
    public enum Rejects implements Labelled {
        /** The record is quarantined, sealed; the message is done. */
        QUARANTINE,
        /** Nothing of the message is stored; it stays on the queue until the redrive policy takes it away. */
        DLQ
    }

    /** What becomes of a row that a {@code BEFORE INSERT .. FOR EACH ROW} trigger of the table drops (returns NULL for). */
    public enum RowsTakenByTrigger implements Labelled {
        /** It was not stored: its record makes no row. */
        REFUSE,
        /** The trigger stored it elsewhere, as in partitioning by inheritance: it counts as stored. */
        ACCEPT
    }

    /** How the event is packed within the body. */
    public enum Compression implements Labelled {
        /** It is not. */
        NONE,
        /** gzip (RFC 1952), then base64 (RFC 4648, section 4), since a body is text. */
        GZIP
    }
}
