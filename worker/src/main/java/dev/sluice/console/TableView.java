package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.http.Request;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.TableReader.Shared;
import java.util.List;

/** The table as it is stored: its latest rows, and the masked values that most users share. */
final class TableView {

    static final String REMEDY = "The table needs a login with the role sluice_analyst, sluice_recovery or"
            + " sluice_operator; set SLUICE_CONSOLE_DATABASE_URL to one (docs/roles.md)";

    private static final int USUAL_ROWS = 50;
    private static final int MOST_ROWS = 200;
    private static final int USUAL_GROUPS = 20;
    private static final int MOST_GROUPS = 100;

    /** Grouped in a second. */
    private static final int SCANNED = 200_000;

    private final ConsoleDatabase database;
    private final PipelineSpec spec;

    TableView(ConsoleDatabase database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
    }

    /** Values as PostgreSQL's text: a browser's numbers would round a bigint and drop the zeros of a numeric. */
    JsonLine latest(Request request, Caller caller) {
        int limit = Parameters.ofQuery(request, "limit").limit("limit", USUAL_ROWS, MOST_ROWS);
        RowSample sample = database.read(open -> new TableReader(open, spec).latest(limit));
        return new JsonLine()
                .put("table", spec.sink().qualifiedName())
                .put("columns", spec.columns().stream().map(TableView::json).toList())
                .put("rows", sample.rows());
    }

    private static JsonLine json(Column column) {
        return new JsonLine()
                .put("name", column.name())
                .put("type", column.type().sql())
                .put(
                        "masked",
                        column.mask() == null ? null : column.mask().kind().label());
    }

    JsonLine shared(Request request, Caller caller) {
        Parameters parameters = Parameters.ofQuery(request, "column", "limit");
        int limit = parameters.limit("limit", USUAL_GROUPS, MOST_GROUPS);
        List<String> columns = TableReader.joinable(spec);
        String column = parameters.text("column");
        if (column != null && !columns.contains(column)) {
            throw RefusedException.malformed(
                    "column",
                    "column must be one of " + columns + ": equal values of other columns need not have equal tokens.");
        }
        String subject = TableReader.usualSubject(spec);
        String chosen = column == null && !columns.isEmpty() ? columns.getFirst() : column;
        List<Shared> groups = chosen == null
                ? List.of()
                : database.read(open -> new TableReader(open, spec).duplicatesWithin(SCANNED, chosen, subject, limit));
        return new JsonLine()
                .put("column", chosen)
                .put("columns", columns)
                .put("scanned_rows", SCANNED)
                .put("groups", groups.stream().map(TableView::json).toList());
    }

    /** Without a column of users, only rows are counted. */
    private static JsonLine json(Shared shared) {
        return new JsonLine()
                .put("token", shared.value())
                .put("users", shared.distinct())
                .put("rows", shared.rows());
    }
}
