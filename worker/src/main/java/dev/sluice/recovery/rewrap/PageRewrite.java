package dev.sluice.recovery.rewrap;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.recovery.rewrap.NewValue.Fresh;
import dev.sluice.recovery.rewrap.NewValue.Kept;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces values in one page of a table, in a transaction of its own: looks, makes the new values, locks the rows that
 * nobody else holds, and writes those that are still as they were seen. Never waits for a row. Thread-safe.
 *
 * <p>A row that is written moves to another tuple id, perhaps into a page that is still to come; nothing is to be replaced
 * in it then.
 */
public final class PageRewrite {

    private static final String TEXTS = "?::pg_catalog.text[]";

    private static final String IN_PAGE =
            "t.ctid OPERATOR(pg_catalog.>=) ?::pg_catalog.tid AND t.ctid OPERATOR(pg_catalog.<) ?::pg_catalog.tid";

    private final Database database;
    private final List<Replacement> replacements;
    private final PassCounters tally;

    /** @param replacements one per column */
    PageRewrite(Database database, List<Replacement> replacements, PassCounters tally) {
        this.database = database;
        this.replacements = List.copyOf(replacements);
        this.tally = tally;
    }

    /** How many rows were written. */
    long run(BlockRange page) {
        String action = "rewrap a page of table " + page.leaf().name();
        Done done = database.transact(action, connection -> {
            Seen seen = look(connection, page);
            return new Done(seen, seen.changes.isEmpty() ? 0 : write(connection, page, seen.changes));
        });
        tally.add(done.seen.changes.size(), done.written);
        done.seen.kept.forEach(kept -> tally.keep(kept.column, kept.why, kept.place));
        return done.written;
    }

    /** The rows of a page with a value that is to be replaced: SQL from FROM on, {@link #bind} fills it. */
    static String from(Partition leaf, List<Replacement> replacements) {
        return " FROM ONLY " + leaf.name() + " WHERE ctid >= ?::tid AND ctid < ?::tid AND "
                + replacements.stream()
                        .map(replacement -> replacement.condition(quoted(replacement) + "::text"))
                        .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** @return the place after the last that it filled */
    public static int bind(PreparedStatement statement, int place, BlockRange page) throws SQLException {
        statement.setString(place, page.fromTid());
        statement.setString(place + 1, page.toTid());
        return place + 2;
    }

    private Seen look(Connection connection, BlockRange page) throws SQLException {
        String sql =
                "SELECT ctid::text, " + perColumn(", ", i -> column(i) + "::text") + from(page.leaf(), replacements);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, page);
            ResultSet found = statement.executeQuery();
            Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
            while (found.next()) {
                List<@Nullable String> stored = new ArrayList<>();
                for (int i = 0; i < replacements.size(); i++) {
                    stored.add(found.getString(i + 2));
                }
                renew(page.leaf(), found.getString(1), stored, seen);
            }
            return seen;
        }
    }

    private void renew(Partition leaf, String tid, List<@Nullable String> stored, Seen seen) {
        List<@Nullable String> renewed = new ArrayList<>(stored);
        for (int i = 0; i < replacements.size(); i++) {
            Replacement replacement = replacements.get(i);
            String value = stored.get(i);
            if (value != null && replacement.concerns(value)) {
                switch (replacement.renew(value)) {
                    case Fresh fresh -> renewed.set(i, fresh.token());
                    case Kept kept ->
                        seen.kept.add(new KeptValue(replacement.column(), kept.why(), leaf.name() + " " + tid));
                }
            }
        }
        if (!renewed.equals(stored)) {
            seen.changes.add(new Change(tid, stored, renewed));
        }
    }

    // The range stands with the update too, so that its plan reads the page and not the table. The table's own triggers
    // need the role's search path, so all is qualified: neither USING nor IS DISTINCT FROM, which look for an operator
    // by
    // its bare name. An unnest of several arrays is syntax, and always PostgreSQL's.
    private long write(Connection connection, BlockRange page, List<Change> changes) throws SQLException {
        SearchPath.restore(connection);
        String table = page.leaf().name();
        String sql = "WITH wanted AS (SELECT * FROM unnest(" + TEXTS + "::pg_catalog.tid[]"
                + perColumn("", i -> ", " + TEXTS + ", " + TEXTS) + ") AS w(place"
                + perColumn("", i -> ", old" + i + ", new" + i) + ")),"
                + " locked AS (SELECT ctid AS place FROM ONLY " + table + " AS t WHERE " + IN_PAGE
                + " AND ctid OPERATOR(pg_catalog.=) ANY (" + TEXTS
                + "::pg_catalog.tid[]) FOR NO KEY UPDATE SKIP LOCKED)"
                + " UPDATE ONLY " + table + " AS t SET " + perColumn(", ", i -> column(i) + " = w.new" + i)
                + " FROM wanted AS w JOIN locked ON locked.place OPERATOR(pg_catalog.=) w.place WHERE " + IN_PAGE
                + " AND t.ctid OPERATOR(pg_catalog.=) w.place AND " + perColumn(" AND ", this::unchanged);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Array places = texts(connection, changes, Change::tid);
            statement.setArray(1, places);
            int next = 2;
            for (int i = 0; i < replacements.size(); i++) {
                int column = i;
                statement.setArray(next++, texts(connection, changes, change -> change.before.get(column)));
                statement.setArray(next++, texts(connection, changes, change -> change.after.get(column)));
            }
            next = bind(statement, next, page);
            statement.setArray(next, places);
            bind(statement, next + 1, page);
            return statement.executeUpdate();
        }
    }

    private String unchanged(int i) {
        String stored = "t." + column(i);
        return "(" + stored + "::pg_catalog.text OPERATOR(pg_catalog.=) w.old" + i + " OR " + stored
                + " IS NULL AND w.old" + i + " IS NULL)";
    }

    private static Array texts(Connection connection, List<Change> changes, Function<Change, @Nullable String> text)
            throws SQLException {
        return connection.createArrayOf("text", changes.stream().map(text).toArray());
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

        /** The place. What stood there is no token for certain. */
        @Override
        public String toString() {
            return "Change[" + tid + "]";
        }
    }

    private record KeptValue(String column, String why, String place) {}

    private record Seen(List<Change> changes, List<KeptValue> kept) {}

    private record Done(Seen seen, long written) {}
}
