package dev.sluice.mapping;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column, in the pipeline file and in the table. Each type states the class of its values in a
 * {@link Row}.
 */
public sealed interface ColumnType {

    /** Reads a type's name in a pipeline file; null if it is unknown, or its parameters are out of PostgreSQL's range. */
    static @Nullable ColumnType parse(String text) {
        for (Simple simple : Simple.values()) {
            if (simple.sql().equals(text)) {
                return simple;
            }
        }
        Matcher varchar = Varchar.NAME.matcher(text);
        if (varchar.matches()) {
            int length = Integer.parseInt(varchar.group(1));
            return length >= 1 && length <= Varchar.MAX_LENGTH ? new Varchar(length) : null;
        }
        Matcher numeric = Numeric.NAME.matcher(text);
        if (!numeric.matches()) {
            return null;
        }
        int precision = Integer.parseInt(numeric.group(1));
        int scale = Integer.parseInt(numeric.group(2));
        return precision >= 1 && precision <= Numeric.MAX_PRECISION && scale <= precision
                ? new Numeric(precision, scale)
                : null;
    }

    /** The SQL type, as in {@code CREATE TABLE}: {@code varchar(32)}, {@code numeric(12,2)}. */
    String sql();

    /**
     * {@code varchar(n)}, values {@link String}; {@code length} counts code points, 1 to 10,485,760 (PostgreSQL's
     * limit).
     */
    record Varchar(int length) implements ColumnType {

        /** PostgreSQL, "Character Types": n cannot exceed 10,485,760. */
        private static final int MAX_LENGTH = 10_485_760;

        static final Pattern NAME = Pattern.compile("varchar\\(([0-9]{1,8})\\)");

        @Override
        public String sql() {
            return "varchar(" + length + ")";
        }
    }

    /**
     * {@code numeric(p,s)}, values {@link java.math.BigDecimal} that fit without rounding; 0 &le; s &le; p, 1 &le; p
     * &le; 1000.
     */
    record Numeric(int precision, int scale) implements ColumnType {

        /** PostgreSQL, "Arbitrary Precision Numbers": a declared precision is at most 1000. */
        private static final int MAX_PRECISION = 1000;

        static final Pattern NAME = Pattern.compile("numeric\\(([0-9]{1,4}), ?([0-9]{1,4})\\)");

        @Override
        public String sql() {
            return "numeric(" + precision + "," + scale + ")";
        }
    }

    /** The types without parameters. */
    enum Simple implements ColumnType {
        /** Values {@link String}. */
        TEXT("text"),
        /** Values {@link Integer}. */
        INTEGER("integer"),
        /** Values {@link Long}. */
        BIGINT("bigint"),
        /** Values {@link Boolean}. */
        BOOLEAN("boolean"),
        /** Values {@link java.time.LocalDate}, years 1 to 9999. */
        DATE("date"),
        /** Values {@link java.time.Instant} of whole microseconds, years 1 to 9999. */
        TIMESTAMPTZ("timestamptz"),
        /** Values {@link java.util.UUID}. */
        UUID("uuid"),
        /** Values {@link String}: one JSON value that PostgreSQL's jsonb takes. */
        JSONB("jsonb");

        private final String sql;

        Simple(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }

        /** Whether a JSON string of that text gives a value of this type; false for types that no string gives. */
        public boolean reads(String text) {
            return switch (this) {
                case TEXT -> Texts.unfit(text) == null;
                case DATE -> !(Times.date(text) instanceof Reason);
                case TIMESTAMPTZ -> !(Times.timestamp(text) instanceof Reason);
                case UUID -> Texts.isUuid(text);
                case INTEGER, BIGINT, BOOLEAN, JSONB -> false;
            };
        }
    }
}
