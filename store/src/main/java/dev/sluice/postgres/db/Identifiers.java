package dev.sluice.postgres.db;

import dev.sluice.mapping.PipelineSpec;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of the pipeline file as SQL: always quoted, so that case and keywords are preserved. Stateless. */
public final class Identifiers {

    private Identifiers() {}

    /** A name, for use in SQL. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * A pipeline's table with its schema, so that the search path does not decide which table it is.
     *
     * @param sink whose schema is known: named by the pipeline, or found by {@link Database#located}
     */
    public static String quoted(PipelineSpec.Sink sink) {
        @Nullable String schema = sink.home();
        if (schema == null) {
            throw new IllegalStateException("the schema is not known yet of table " + sink.qualifiedName());
        }
        return quoted(schema) + "." + quoted(sink.table());
    }

    public static String quotedNames(List<PipelineSpec.Column> columns) {
        return columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
    }
}
