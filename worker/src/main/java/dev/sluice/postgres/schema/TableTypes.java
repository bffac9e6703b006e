package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The types, with their modifiers, that the encoders of a pipeline's columns were made for. The receive functions of a
 * binary COPY cut a numeric to the column's scale and a time to its precision, and read the bytes of an integer as those
 * of a real, without an error; so the types are compared in each transaction that copies rows. Thread-safe.
 */
public final class TableTypes {

    private static final String SQL =
            """
            SELECT attname, atttypid, atttypmod FROM pg_catalog.pg_attribute
            WHERE attrelid OPERATOR(pg_catalog.=) CAST(pg_catalog.to_regclass(?) AS pg_catalog.oid)
                AND attnum OPERATOR(pg_catalog.>) CAST(0 AS pg_catalog.int2) AND NOT attisdropped
            """;

    private final PipelineSpec.Sink sink;
    private final Map<String, TableColumn> columns;

    /** @param present the table's columns by name, as the encoders saw them */
    public TableTypes(PipelineSpec spec, Map<String, TableColumn> present) {
        this.sink = spec.sink();
        this.columns = spec.columns().stream()
                .map(column -> present.get(column.name()))
                .filter(column -> column != null)
                .collect(Collectors.toUnmodifiableMap(TableColumn::name, column -> column));
    }

    /**
     * Compares them. Called after a COPY, whose lock keeps ALTER TABLE out until the transaction ends: what is seen then
     * is what the rows were written as. Qualified, since the transaction goes by the role's own search path.
     *
     * @throws InfrastructureException TRANSIENT when a type has changed; the transaction is to be rolled back
     */
    public void requireUnchanged(Connection connection) throws SQLException {
        TableColumn altered = altered(connection);
        if (altered != null) {
            SearchPath.fix(connection);
            TableColumn now =
                    TableColumn.of(connection, Identifiers.quoted(sink)).get(altered.name());
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "column " + altered.name() + " of table " + sink.qualifiedName() + " is "
                            + (now == null ? "missing" : now.sqlType()) + " now and was " + altered.sqlType()
                            + "; nothing was stored");
        }
    }

    private @Nullable TableColumn altered(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, Identifiers.quoted(sink));
            ResultSet found = statement.executeQuery();
            while (found.next()) {
                TableColumn before = columns.get(found.getString(1));
                if (before != null
                        && (before.typeOid() != (int) found.getLong(2) || before.typeModifier() != found.getInt(3))) {
                    return before;
                }
            }
            return null;
        }
    }
}
