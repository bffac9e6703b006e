package dev.sluice.postgres.schema;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One reason why a table cannot take the pipeline's rows.
 *
 * @param problem a sentence without a full stop
 * @param remedy what to do instead of {@code sql} or before it; null when the statement says it all
 * @param sql the statement that would bring the table in line, without a semicolon; null when there is none. Nothing of ours
 *     runs it: it may wait for locks, rewrite the table or convert its values
 */
record TableDifference(Kind kind, String problem, @Nullable String remedy, @Nullable String sql) {

    /** For {@code sluice doctor}, with the remedy and the statement. */
    Finding finding() {
        return Finding.fail(
                "target table",
                kind,
                problem
                        + (remedy == null ? "" : "; " + remedy)
                        + (sql == null ? "" : (remedy == null ? "; run " : ", or run ") + sql));
    }
}
