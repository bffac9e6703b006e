package dev.sluice.postgres.schema;

import dev.sluice.mapping.ColumnType;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.core.Oid;

/**
 * A column of a table in the database.
 *
 * @param name its name, unquoted
 * @param typeOid its type in {@code pg_type}; those below are fixed ({@code pg_type.dat})
 * @param typeModifier the type's parameters, packed as {@code pg_attribute.atttypmod}; -1 for none
 * @param sqlType the type as SQL shows it
 * @param notNull whether it is NOT NULL
 * @param fillsItself whether a row without it gets a value (default, identity)
 * @param generated whether it is computed and cannot be written
 * @param insertable whether the session's user may write it
 */
public record TableColumn(
        String name,
        int typeOid,
        int typeModifier,
        String sqlType,
        boolean notNull,
        boolean fillsItself,
        boolean generated,
        boolean insertable) {

    /** The length word that the modifier includes ({@code VARHDRSZ}). */
    private static final int MODIFIER_OFFSET = 4;

    private static final String QUERY =
            """
            SELECT attname, atttypid, atttypmod, format_type(atttypid, atttypmod), attnotnull,
                   atthasdef OR attidentity <> '', attgenerated <> '', has_column_privilege(attrelid, attnum, 'INSERT')
            FROM pg_catalog.pg_attribute
            WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum
            """;

    /** The columns of a table by name, in the table's order. */
    public static Map<String, TableColumn> of(Connection connection, String quotedTable) throws SQLException {
        Map<String, TableColumn> columns = new LinkedHashMap<>();
        Query.of(connection, QUERY, quotedTable).forEach(row -> columns.put(row.getString(1), read(row)));
        return columns;
    }

    private static TableColumn read(ResultSet row) throws SQLException {
        return new TableColumn(
                row.getString(1),
                (int) row.getLong(2),
                row.getInt(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8));
    }

    /** Whether every value of that type fits in unchanged, in the binary format of the column's type. */
    boolean takes(ColumnType type) {
        if (type instanceof ColumnType.Varchar varchar) {
            return typeOid == Oid.TEXT || isVarcharOf(varchar.length());
        }
        if (type instanceof ColumnType.Numeric numeric) {
            return typeOid == Oid.NUMERIC && holds(numeric);
        }
        return takes((ColumnType.Simple) type);
    }

    private boolean takes(ColumnType.Simple type) {
        return switch (type) {
            case TEXT -> typeOid == Oid.TEXT || (typeOid == Oid.VARCHAR && typeModifier < 0);
            case INTEGER -> typeOid == Oid.INT4 || typeOid == Oid.INT8;
            case BIGINT -> typeOid == Oid.INT8;
            case BOOLEAN -> typeOid == Oid.BOOL;
            case DATE -> typeOid == Oid.DATE;
            case TIMESTAMPTZ -> typeOid == Oid.TIMESTAMPTZ && (typeModifier < 0 || typeModifier == 6);
            case UUID -> typeOid == Oid.UUID;
            case JSONB -> typeOid == Oid.JSONB;
        };
    }

    /** Whether it is a bigint: an integer must be written to it as eight bytes. */
    public boolean isBigint() {
        return typeOid == Oid.INT8;
    }

    private boolean isVarcharOf(int length) {
        return typeOid == Oid.VARCHAR && (typeModifier < 0 || typeModifier - MODIFIER_OFFSET >= length);
    }

    /** The type, as SQL, to which the column must change so that it takes that type's values and loses no digit of its own. */
    String widened(ColumnType type) {
        if (type instanceof ColumnType.Numeric numeric && typeOid == Oid.NUMERIC && typeModifier >= 0) {
            int scale = Math.max(scale(), numeric.scale());
            int whole = Math.max(precision() - scale(), numeric.precision() - numeric.scale());
            return "numeric(" + (whole + scale) + "," + scale + ")";
        }
        return type.sql();
    }

    private boolean holds(ColumnType.Numeric type) {
        return typeModifier < 0
                || (scale() >= type.scale() && precision() - scale() >= type.precision() - type.scale());
    }

    private int precision() {
        return (typeModifier - MODIFIER_OFFSET) >> 16;
    }

    private int scale() {
        return (((typeModifier - MODIFIER_OFFSET) & 0x7FF) ^ 0x400) - 0x400; // 11 bits with sign since PostgreSQL 15
    }
}
