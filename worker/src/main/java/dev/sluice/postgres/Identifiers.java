package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of the pipeline file as SQL: always quoted, so that case and key words stay what they are. Stateless. */
public final class Identifiers {

    private Identifiers() {}

    /** A name, for use in SQL. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A pipeline's table, with its schema if it names one. */
    public static String quoted(PipelineSpec.Sink sink) {
        @Nullable String schema = sink.schema();
        return schema == null ? quoted(sink.table()) : quoted(schema) + "." + quoted(sink.table());
    }

    static String quotedNames(List<PipelineSpec.Column> columns) {
        return columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(", "));
    }
}
