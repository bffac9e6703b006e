package dev.sluice.postgres.schema;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The triggers that fire when a row is inserted into the target table or one of its partitions. Stateless. */
public final class RowTriggers {

    /** Bits of {@code pg_trigger.tgtype} (PostgreSQL's {@code trigger.h}). */
    private static final int ROW = 1;

    private static final int BEFORE = 2;
    private static final int INSERT = 4;

    /** Enabled for ordinary sessions ('O') or for all ('A'); a partition's copy of its parent's trigger has a parent. */
    private static final String SQL =
            """
            SELECT quote_ident(tgname) || ' on ' || tgrelid::regclass
            FROM pg_catalog.pg_trigger
            WHERE (tgrelid = to_regclass(?) OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass(?))))
              AND NOT tgisinternal AND tgparentid = 0 AND tgenabled IN ('O', 'A') AND tgtype & ? = ?
            ORDER BY 1
            """;

    private RowTriggers() {}

    /** Triggers that can drop or change a row: {@code BEFORE INSERT .. FOR EACH ROW}, as {@code name on table}. */
    public static List<String> beforeEachRow(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        return ofType(connection, sink, ROW | BEFORE | INSERT);
    }

    /** All triggers that an INSERT fires, as {@code name on table}. */
    public static List<String> onInsert(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        return ofType(connection, sink, INSERT);
    }

    private static List<String> ofType(Connection connection, PipelineSpec.Sink sink, int type) throws SQLException {
        String table = Identifiers.quoted(sink);
        return Query.of(connection, SQL, table, table, type, type).list(row -> row.getString(1));
    }
}
