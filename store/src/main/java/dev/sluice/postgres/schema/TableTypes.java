package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types, with their modifiers, for which the encoders of a pipeline's columns were made. The receive functions of a binary
 * COPY truncate a numeric to the column's scale and a time to its precision, and read the bytes of an integer as those of a
 * real, without an error; so the types are compared in each transaction that copies rows. Thread-safe.
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

    /** @param present the table's columns by name when the encoders were made */
    public TableTypes(PipelineSpec spec, Map<String, TableColumn> present) {
        this.sink = spec.sink();
        this.columns = spec.columns().stream()
                .map(column -> present.get(column.name()))
                .filter(column -> column != null)
                .collect(Collectors.toUnmodifiableMap(TableColumn::name, column -> column));
    }

    /**
     * Compares them. Called after a COPY, whose lock prevents ALTER TABLE until the transaction ends, so these are the types
     * with which the rows were written. The SQL is qualified, since the transaction uses the role's own search path.
     *
     * @throws InfrastructureException TRANSIENT when a type has changed; the transaction must be rolled back
     */
    public void requireUnchanged(Connection connection) throws SQLException {
        Optional<TableColumn> altered = Query.of(connection, SQL, Identifiers.quoted(sink))
                .list(row -> {
                    TableColumn before = columns.get(row.getString(1));
                    if (before == null
                            || (before.typeOid() == (int) row.getLong(2) && before.typeModifier() == row.getInt(3))) {
                        return Optional.<TableColumn>empty();
                    }
                    return Optional.of(before);
                })
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
        if (altered.isPresent()) {
            SearchPath.fix(connection);
            TableColumn before = altered.get();
            TableColumn now =
                    TableColumn.of(connection, Identifiers.quoted(sink)).get(before.name());
            throw new InfrastructureException(
                    Kind.TRANSIENT,
                    "column " + before.name() + " of table " + sink.qualifiedName() + " is "
                            + (now == null ? "missing" : now.sqlType()) + " now and was " + before.sqlType()
                            + "; nothing was stored");
        }
    }
}
