package dev.sluice.spark;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A row of a Parquet file as the JSON object that the mapper reads (Parquet format, LogicalTypes.md): dates and times as
 * ISO 8601, decimals as numbers, lists as arrays, maps as objects; bytes without a type as text if they are UTF-8, else as
 * base64. Stateless.
 */
final class GroupJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Of 1 January 1970, in the Julian day numbers of the older type for times, INT96. */
    private static final long EPOCH_JULIAN_DAY = 2_440_588;

    private final JsonGenerator json;

    private GroupJson(JsonGenerator json) {
        this.json = json;
    }

    static byte[] of(Group row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            new GroupJson(json).object(row);
        }
        return bytes.toByteArray();
    }

    private void object(Group group) {
        GroupType type = group.getType();
        json.writeStartObject();
        for (int field = 0; field < type.getFieldCount(); field++) {
            json.writeName(type.getFieldName(field));
            field(group, field);
        }
        json.writeEndObject();
    }

    private void field(Group group, int field) {
        int values = group.getFieldRepetitionCount(field);
        if (group.getType().getType(field).isRepetition(Repetition.REPEATED)) {
            json.writeStartArray();
            for (int i = 0; i < values; i++) {
                value(group, field, i);
            }
            json.writeEndArray();
        } else if (values == 0) {
            json.writeNull();
        } else {
            value(group, field, 0);
        }
    }

    private void value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        if (type.isPrimitive()) {
            primitive(group, field, index, type.asPrimitiveType());
            return;
        }
        Group inner = group.getGroup(field, index);
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        if (logical instanceof ListLogicalTypeAnnotation) {
            list(inner);
        } else if (logical instanceof MapLogicalTypeAnnotation) {
            map(inner);
        } else {
            object(inner);
        }
    }

    /** A group with one repeated field, whose only field is the element; in older files it is the element itself. */
    private void list(Group list) {
        json.writeStartArray();
        Type repeated = list.getType().getType(0);
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            if (!repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1) {
                field(list.getGroup(0, i), 0);
            } else {
                value(list, 0, i);
            }
        }
        json.writeEndArray();
    }

    private void map(Group map) {
        json.writeStartObject();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            json.writeName(entry.getValueToString(0, 0));
            field(entry, 1);
        }
        json.writeEndObject();
    }

    private void primitive(Group group, int field, int index, PrimitiveType type) {
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> json.writeBoolean(group.getBoolean(field, index));
            case FLOAT -> number(group.getFloat(field, index));
            case DOUBLE -> number(group.getDouble(field, index));
            case INT32 -> integer(group.getInteger(field, index), logical);
            case INT64 -> integer(group.getLong(field, index), logical);
            case INT96 -> json.writeString(time96(group.getInt96(field, index)).toString());
            case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(group.getBinary(field, index), logical);
        }
    }

    /** JSON has neither infinities nor NaN. */
    private void number(double value) {
        if (Double.isFinite(value)) {
            json.writeNumber(new BigDecimal(Double.toString(value)));
        } else {
            json.writeNull();
        }
    }

    private void integer(long value, @Nullable LogicalTypeAnnotation logical) {
        if (logical instanceof DateLogicalTypeAnnotation) {
            json.writeString(LocalDate.ofEpochDay(value).toString());
        } else if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            json.writeNumber(BigDecimal.valueOf(value, decimal.getScale()));
        } else if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
            time(value, timestamp);
        } else if (logical instanceof IntLogicalTypeAnnotation number && !number.isSigned()) {
            json.writeNumber(new BigInteger(Long.toUnsignedString(
                    number.getBitWidth() == Integer.SIZE ? Integer.toUnsignedLong((int) value) : value)));
        } else {
            json.writeNumber(value);
        }
    }

    private void time(long value, TimestampLogicalTypeAnnotation type) {
        ChronoUnit unit =
                switch (type.getUnit()) {
                    case MILLIS -> ChronoUnit.MILLIS;
                    case MICROS -> ChronoUnit.MICROS;
                    case NANOS -> ChronoUnit.NANOS;
                };
        Instant instant = Instant.EPOCH.plus(value, unit);
        json.writeString(
                type.isAdjustedToUTC()
                        ? instant.toString()
                        : instant.atOffset(ZoneOffset.UTC).toLocalDateTime().toString());
    }

    private static Instant time96(Binary value) {
        ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong();
        long day = Integer.toUnsignedLong(bytes.getInt()) - EPOCH_JULIAN_DAY;
        return Instant.EPOCH.plus(day, ChronoUnit.DAYS).plusNanos(nanos);
    }

    private void binary(Binary value, @Nullable LogicalTypeAnnotation logical) {
        if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
            json.writeNumber(new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()));
        } else if (logical instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer bytes = value.toByteBuffer();
            json.writeString(new UUID(bytes.getLong(), bytes.getLong()).toString());
        } else {
            json.writeString(text(value.getBytes()));
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }
}
