package dev.sluice.postgres.table;

import dev.sluice.mapping.ColumnType;
import dev.sluice.postgres.db.CopyBuffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Writes the values of one column in the format of its type's receive function in the server ({@code varcharrecv}, {@code
 * int4recv}, {@code date_recv} and so on). Stateless.
 */
public @FunctionalInterface interface ColumnEncoder {

    /** PostgreSQL counts days and microseconds from here ({@code POSTGRES_EPOCH_JDATE} in its {@code timestamp.h}). */
    Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    long POSTGRES_EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();

    /** @param value of the class that {@link ColumnType} names for the column, not null */
    void encode(CopyBuffer copy, Object value);

    /**
     * The encoder for a column.
     *
     * @param type the column's type in the pipeline, which determines the class of the values
     * @param wide whether an integer goes to a bigint column
     */
    static ColumnEncoder of(ColumnType type, boolean wide) {
        if (type instanceof ColumnType.Varchar) {
            return (copy, value) -> copy.text((String) value);
        }
        if (type instanceof ColumnType.Numeric) {
            return (copy, value) -> copy.numeric((BigDecimal) value);
        }
        return of((ColumnType.Simple) type, wide);
    }

    private static ColumnEncoder of(ColumnType.Simple type, boolean wide) {
        return switch (type) {
            case TEXT -> (copy, value) -> copy.text((String) value);
            case INTEGER ->
                wide ? (copy, value) -> copy.int8((Integer) value) : (copy, value) -> copy.int4((Integer) value);
            case BIGINT -> (copy, value) -> copy.int8((Long) value);
            case BOOLEAN -> (copy, value) -> copy.bool((Boolean) value);
            case DATE -> (copy, value) -> copy.int4((int) (((LocalDate) value).toEpochDay() - POSTGRES_EPOCH_DAY));
            case TIMESTAMPTZ -> (copy, value) -> copy.int8(microseconds((Instant) value));
            case UUID -> (copy, value) -> copy.uuid((UUID) value);
            case JSONB -> (copy, value) -> copy.jsonb((String) value);
        };
    }

    /** Microseconds since PostgreSQL's epoch; finer parts are truncated towards the past. */
    static long microseconds(Instant instant) {
        return ChronoUnit.MICROS.between(POSTGRES_EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
    }
}
