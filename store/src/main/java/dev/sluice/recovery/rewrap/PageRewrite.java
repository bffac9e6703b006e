package dev.sluice.recovery.rewrap;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Kept;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Masked;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces values in one page of a table, in one transaction: reads rows, computes the new values, locks the rows that
 * nobody else holds, and updates those that still are as they were read. Never waits for a row. Thread-safe.
 *
 * <p>An updated row moves to another tuple id, perhaps into a later page; nothing is left to replace in it then.
 */
final class PageRewrite {

    private static final String TEXTS = "?::pg_catalog.text[]";

    private static final String IN_PAGE =
            "t.ctid OPERATOR(pg_catalog.>=) ?::pg_catalog.tid AND t.ctid OPERATOR(pg_catalog.<) ?::pg_catalog.tid";

    private final Database database;
    private final List<Replacement> replacements;
    private final PassCounters counters;
    private final @Nullable RewrittenRows rewritten;

    /** @param replacements one per column */
    PageRewrite(Database database, List<Replacement> replacements, PassCounters counters) {
        this(database, replacements, counters, null);
    }

    /** @param rewritten where the rows of each page are recorded too; null for nowhere */
    PageRewrite(
            Database database,
            List<Replacement> replacements,
            PassCounters counters,
            @Nullable RewrittenRows rewritten) {
        this.database = database;
        this.replacements = List.copyOf(replacements);
        this.counters = counters;
        this.rewritten = rewritten;
    }

    /** Returns how many rows were updated. */
    long run(Page page) {
        String action = "rewrap a page of table " + page.partition().name();
        PassCounters counted = database.transact(action, connection -> {
            PassCounters ofPage = new PassCounters(); // a failed transaction may run again
            List<Change> changes = read(connection, page, ofPage);
            long replaced = changes.isEmpty() ? 0 : write(connection, page, changes);
            ofPage.add(changes.size(), replaced);
            if (rewritten != null && replaced > 0) {
                rewritten.add(connection, replaced);
            }
            return ofPage;
        });
        counters.add(counted);
        return counted.replaced();
    }

    /** SQL from FROM on for the page's rows with a value to replace; its parameters are the page's two tuple ids. */
    static String from(Partition partition, List<Replacement> replacements) {
        return " FROM ONLY " + partition.name() + " WHERE ctid >= ?::tid AND ctid < ?::tid AND "
                + replacements.stream()
                        .map(replacement -> replacement.condition(quoted(replacement) + "::text"))
                        .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private List<Change> read(Connection connection, Page page, PassCounters ofPage) throws SQLException {
        String sql = "SELECT ctid::text, " + perColumn(", ", i -> column(i) + "::text")
                + from(page.partition(), replacements);
        List<Change> changes = new ArrayList<>();
        Query.of(connection, sql, page.fromTid(), page.toTid()).forEach(row -> {
            List<@Nullable String> stored = new ArrayList<>();
            for (int i = 0; i < replacements.size(); i++) {
                stored.add(row.getString(i + 2));
            }
            String tid = row.getString(1);
            List<@Nullable String> renewed = renewed(stored, page.partition().name() + " " + tid, ofPage);
            if (!renewed.equals(stored)) {
                changes.add(new Change(tid, stored, renewed));
            }
        });
        return changes;
    }

    private List<@Nullable String> renewed(List<@Nullable String> stored, String location, PassCounters ofPage) {
        List<@Nullable String> renewed = new ArrayList<>(stored);
        for (int i = 0; i < replacements.size(); i++) {
            String value = stored.get(i);
            Replacement.NewValue change =
                    value == null ? null : replacements.get(i).replace(value);
            if (change instanceof Masked masked) {
                renewed.set(i, masked.token());
            } else if (change instanceof Kept kept) {
                ofPage.addUnchanged(replacements.get(i).column(), kept.reason(), location);
            }
        }
        return renewed;
    }

    // The update repeats the range, so that its plan reads the page and not the table. The table's own triggers need
    // the
    // role's search path, so every name is qualified; USING and IS DISTINCT FROM look up an operator by its bare name
    // and
    // cannot be used. An unnest of several arrays is syntax, and always PostgreSQL's.
    private long write(Connection connection, Page page, List<Change> changes) throws SQLException {
        SearchPath.restore(connection);
        String table = page.partition().name();
        String sql = "WITH wanted AS (SELECT * FROM unnest(" + TEXTS + "::pg_catalog.tid[]"
                + perColumn("", i -> ", " + TEXTS + ", " + TEXTS) + ") AS w(place"
                + perColumn("", i -> ", old" + i + ", new" + i) + ")),"
                + " locked AS (SELECT ctid AS place FROM ONLY " + table + " AS t WHERE " + IN_PAGE
                + " AND ctid OPERATOR(pg_catalog.=) ANY (" + TEXTS
                + "::pg_catalog.tid[]) FOR NO KEY UPDATE SKIP LOCKED)"
                + " UPDATE ONLY " + table + " AS t SET " + perColumn(", ", i -> column(i) + " = w.new" + i)
                + " FROM wanted AS w JOIN locked ON locked.place OPERATOR(pg_catalog.=) w.place WHERE " + IN_PAGE
                + " AND t.ctid OPERATOR(pg_catalog.=) w.place AND " + perColumn(" AND ", this::unchanged);
        Query.Parameter tids = texts(changes, Change::tid);
        List<Object> parameters = new ArrayList<>(List.of(tids));
        for (int i = 0; i < replacements.size(); i++) {
            int column = i;
            parameters.add(texts(changes, change -> change.before.get(column)));
            parameters.add(texts(changes, change -> change.after.get(column)));
        }
        parameters.addAll(List.of(page.fromTid(), page.toTid(), tids, page.fromTid(), page.toTid()));
        return Query.of(connection, sql, parameters.toArray()).update();
    }

    private String unchanged(int i) {
        String stored = "t." + column(i);
        return "(" + stored + "::pg_catalog.text OPERATOR(pg_catalog.=) w.old" + i + " OR " + stored
                + " IS NULL AND w.old" + i + " IS NULL)";
    }

    private static Query.Parameter texts(List<Change> changes, Function<Change, @Nullable String> text) {
        List<@Nullable String> texts = new ArrayList<>();
        changes.forEach(change -> texts.add(text.apply(change)));
        return Query.texts(texts);
    }

    private String perColumn(String between, IntFunction<String> sql) {
        return IntStream.range(0, replacements.size()).mapToObj(sql).collect(Collectors.joining(between));
    }

    private String column(int i) {
        return quoted(replacements.get(i));
    }

    private static String quoted(Replacement replacement) {
        return Identifiers.quoted(replacement.column());
    }

    private record Change(String tid, List<@Nullable String> before, List<@Nullable String> after) {

        /** The tuple id only: the old value may be in clear. */
        @Override
        public String toString() {
            return "Change[" + tid + "]";
        }
    }
}
