package dev.sluice.recovery.subject;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Mask;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The person whose rows are meant: a column and its values for that person. Contains personal data and shows none.
 *
 * @param column a column of the pipeline
 * @param values the value itself, or its tokens under every enabled key; at least one
 * @param sqlType of the values: {@code text}, {@code int8} or {@code uuid}, types of {@code pg_catalog}
 * @param masked whether the column is
 */
public record Subject(String column, List<String> values, String sqlType, boolean masked) {

    /** Copies the values. */
    public Subject {
        values = List.copyOf(values);
    }

    /** Whether a column can identify one person's rows: it has ids or texts, and its mask preserves differences. */
    public static boolean canIdentify(Column column) {
        return sqlType(column).isPresent()
                && (column.mask() == null || column.mask().kind().distinguishes());
    }

    /**
     * The subject with that value.
     *
     * @param column one that {@link #canIdentify}
     * @param clear the value in the table, or what it would be without the mask
     * @param keysets used when the column is masked
     * @return empty when no row can have that value: it does not have the column's form
     */
    public static Optional<Subject> of(PipelineSpec spec, Column column, String clear, Supplier<Keysets> keysets) {
        String sqlType = sqlType(column).orElseThrow();
        if (column.mask() == null) {
            return canonical(sqlType, clear).map(value -> new Subject(column.name(), List.of(value), sqlType, false));
        }
        Mask mask = Mappers.mask(spec, column, keysets.get());
        List<String> tokens = mask == null ? List.of() : mask.candidates(clear);
        return tokens.isEmpty() ? Optional.empty() : Optional.of(new Subject(column.name(), tokens, sqlType, true));
    }

    /**
     * A statement on the subject's rows.
     *
     * @param statement up to its WHERE, without parameters
     * @param rest follows the condition, with the remaining parameters
     */
    public Query query(Connection connection, String statement, String rest, Object... parameters) {
        String where = " WHERE " + Identifiers.quoted(column)
                + " OPERATOR(pg_catalog.=) ANY (?::pg_catalog.text[]::pg_catalog." + sqlType + "[])";
        List<Object> all = new ArrayList<>();
        all.add(Query.texts(values));
        all.addAll(List.of(parameters));
        return Query.of(connection, statement + where + rest, all.toArray());
    }

    // A varchar(n) is compared as text: a cast to it would truncate the value and find somebody else's rows.
    private static Optional<String> sqlType(Column column) {
        return switch (column.type()) {
            case ColumnType.Varchar varchar -> Optional.of("text");
            case ColumnType.Numeric numeric -> Optional.empty();
            case ColumnType.Simple simple ->
                switch (simple) {
                    case TEXT -> Optional.of("text");
                    case INTEGER, BIGINT -> Optional.of("int8");
                    case UUID -> Optional.of("uuid");
                    case BOOLEAN, DATE, TIMESTAMPTZ, JSONB -> Optional.empty();
                };
        };
    }

    private static Optional<String> canonical(String sqlType, String clear) {
        try {
            String read =
                    switch (sqlType) {
                        case "int8" -> Long.toString(Long.parseLong(clear));
                        case "uuid" -> UUID.fromString(clear).toString();
                        default -> clear.replace("\0", ""); // not allowed in PostgreSQL's text
                    };
            // Java accepts several spellings; another spelling must not erase somebody else's rows.
            return read.equalsIgnoreCase(clear) ? Optional.of(read) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The column only. */
    @Override
    public String toString() {
        return "Subject[" + column + "]";
    }
}
