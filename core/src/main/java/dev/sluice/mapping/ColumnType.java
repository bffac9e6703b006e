package dev.sluice.mapping;

/**
 * The type of a column, in the pipeline file and in the table. Each type states the class of its values in a
 * {@link Row}.
 */
public sealed interface ColumnType {

    /** The SQL type, as in {@code CREATE TABLE}: {@code varchar(32)}, {@code numeric(12,2)}. */
    String sql();

    /**
     * {@code varchar(n)}, values {@link String}; {@code length} counts code points, 1 to 10,485,760 (PostgreSQL's
     * limit).
     */
    record Varchar(int length) implements ColumnType {
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
    }
}
