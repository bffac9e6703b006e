package dev.sluice.recovery.archive;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.ArchivedEntry;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.SealedQuarantineEntry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A quarantined record as a line of a file: one JSON object, each line complete in itself. Its last member is a seal under the
 * keyset {@code quarantine} over all others, since the original is bound to some of them only.
 *
 * @param entry the record
 * @param seal over {@link #content}: the sealing of no bytes, with the content as associated data
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ExportedLine(ArchivedEntry entry, byte[] seal) {

    /** An original of 16 MiB, the longest line that is backfilled, in base64, and 2 MiB for what stands beside it. */
    static final int MAX_BYTES = 24 * 1024 * 1024;

    private static final String SEALED = "quarantine-export|v1|";

    private static final int KEY_ID_OFFSET = 1;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static ExportedLine seal(ArchivedEntry entry, Sealer sealer) {
        return new ExportedLine(entry, sealer.seal(new byte[0], 0, 0, SEALED + content(entry)));
    }

    /** Whether the line is as it was made, under a key that this keyset has. */
    boolean isAuthentic(Sealer sealer) {
        try {
            return sealer.unseal(seal, SEALED + content(entry)).length == 0;
        } catch (KeysException e) {
            return false;
        }
    }

    /** The line, without its end. */
    byte[] text() {
        return content(entry).put("seal", base64(seal)).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** All that is sealed, in this order. */
    private static JsonLine content(ArchivedEntry archived) {
        SealedQuarantineEntry sealed = archived.sealed();
        QuarantineEntry entry = sealed.entry();
        return new JsonLine()
                .put("database", archived.database())
                .put("id", entry.id())
                .put("pipeline", entry.pipeline())
                .put("pipeline_version", entry.pipelineVersion())
                .put("reason", entry.reason())
                .put("column", entry.column())
                .put("sqlstate", entry.sqlState())
                .put("constraint", entry.constraint())
                .put("message", entry.messageId())
                .put("record", entry.recordIndex())
                .put("receive_count", entry.receiveCount())
                .put("sent", entry.sentAt())
                .put("quarantined", entry.quarantinedAt())
                .put("dataset", archived.dataset())
                .put("unit", archived.unit())
                .put("unit_line", archived.unitLine())
                .put("protection", entry.protection())
                .put("idempotency_key", sealed.idempotencyKey() == null ? null : base64(sealed.idempotencyKey()))
                .put("key_id", keyId(sealed.original()))
                .put("original_form", entry.form().label())
                .put("original", base64(sealed.original()));
    }

    /** {@link Sealer#seal}: the key's id is in the first five bytes. */
    private static @Nullable String keyId(byte[] original) {
        return original.length < KEY_ID_OFFSET + Integer.BYTES
                ? null
                : KeyInfo.hexId(ByteBuffer.wrap(original).getInt(KEY_ID_OFFSET));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * Reads a line; what it says is not checked against its seal.
     *
     * @param line JSON in UTF-8
     * @return null when it is not a line of an export
     */
    static @Nullable ExportedLine parse(byte[] line) {
        try {
            Members members = Members.of(line);
            byte[] original = members.bytes("original");
            UUID database = UUID.fromString(members.text("database"));
            QuarantineEntry entry = new QuarantineEntry(
                    members.number("id"),
                    members.text("pipeline"),
                    members.text("pipeline_version"),
                    members.text("reason"),
                    members.textOrNull("column"),
                    Instant.parse(members.text("sent")),
                    members.text("message"),
                    Math.toIntExact(members.number("record")),
                    Math.toIntExact(members.number("receive_count")),
                    Instant.parse(members.text("quarantined")),
                    Original.Form.valueOf(members.text("original_form").toUpperCase(Locale.ROOT)),
                    members.textOrNull("sqlstate"),
                    members.textOrNull("constraint"),
                    members.textOrNull("protection"),
                    original.length,
                    null);
            String key = members.textOrNull("idempotency_key");
            Long unit = members.numberOrNull("unit");
            ArchivedEntry archived = new ArchivedEntry(
                    database,
                    new SealedQuarantineEntry(
                            entry,
                            original,
                            key == null ? null : Base64.getDecoder().decode(key)),
                    members.numberOrNull("dataset"),
                    unit == null ? null : Math.toIntExact(unit),
                    members.numberOrNull("unit_line"));
            return new ExportedLine(archived, members.bytes("seal"));
        } catch (JacksonException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** Shows no part of the record. */
    @Override
    public String toString() {
        return "ExportedLine[sealed]";
    }

    /** The members of a flat object. Its methods throw {@link IllegalArgumentException} for what is not as it should be. */
    private record Members(Map<String, @Nullable Object> values) {

        static Members of(byte[] line) {
            Map<String, @Nullable Object> values = new HashMap<>();
            try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
                require(json.nextToken() == JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    values.put(name, value(json, json.nextToken()));
                }
                require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
            }
            return new Members(values);
        }

        private static @Nullable Object value(JsonParser json, @Nullable JsonToken token) {
            if (token == JsonToken.VALUE_STRING) {
                return json.getString();
            }
            if (token == JsonToken.VALUE_NUMBER_INT) {
                return json.getBigIntegerValue();
            }
            require(token == JsonToken.VALUE_NULL);
            return null;
        }

        private static void require(boolean isSo) {
            if (!isSo) {
                throw new IllegalArgumentException("not a line of an export");
            }
        }

        @Nullable
        String textOrNull(String name) {
            Object value = values.get(name);
            require(value == null || value instanceof String);
            return (String) value;
        }

        String text(String name) {
            String text = textOrNull(name);
            require(text != null);
            return Objects.requireNonNull(text);
        }

        byte[] bytes(String name) {
            return Base64.getDecoder().decode(text(name));
        }

        @Nullable
        Long numberOrNull(String name) {
            Object value = values.get(name);
            require(value == null || value instanceof BigInteger);
            return value == null ? null : ((BigInteger) value).longValueExact();
        }

        long number(String name) {
            Long number = numberOrNull(name);
            require(number != null);
            return Objects.requireNonNull(number);
        }

        @Override
        public String toString() {
            return "Members[" + values.size() + "]";
        }
    }
}
