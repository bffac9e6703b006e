package dev.sluice.postgres.schema;

import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How many rows a table has, with its partitions: counted if that is quick, otherwise estimated from a few blocks. The
 * size on disk is always current, unlike the statistics that ANALYZE leaves, which a new table lacks and a partitioned
 * one usually too.
 *
 * @param rows how many
 * @param isExact whether they were counted
 * @param blocks on disk; 0 for a view, whose rows are always counted
 */
public record TableSize(long rows, boolean isExact, long blocks) {

    /** 10 MiB, some 50,000 rows: counted in milliseconds. */
    private static final long COUNTED_BLOCKS = 1_280;

    /** How many of them a sample has differs by five percent, as chance has it; cold, they are read in a second or so. */
    private static final long SAMPLED_BLOCKS = 400;

    /**
     * A sample has blocks as a whole, each by chance. So it gets more than the query needs: five standard deviations, and some
     * for tables with many rows in a block, whose samples would have one or none now and then.
     */
    private static final int DEVIATIONS = 5;

    private static final int SPARE_BLOCKS = 10;

    /** Blocks only if a sample can be taken: PostgreSQL reads the whole of a foreign partition. */
    private static final String BLOCKS =
            """
            WITH RECURSIVE family AS (
                SELECT to_regclass(?)::oid AS id
                UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN family ON inhparent = id
            )
            SELECT CASE WHEN bool_and(c.relkind IN ('r', 'p', 'm'))
                THEN (sum(pg_relation_size(c.oid)) / current_setting('block_size')::bigint)::bigint ELSE 0 END
            FROM family JOIN pg_catalog.pg_class c ON c.oid = family.id
            """;

    /**
     * Reads at most 10 MiB, or a few blocks of a larger table; of a view, all rows.
     *
     * @param table as SQL
     */
    public static TableSize of(Connection connection, String table) throws SQLException {
        return of(connection, table, blocks(connection, table));
    }

    /**
     * SQL that follows the table's name in a query with {@code LIMIT} alone, so that its rows come from blocks all over the table.
     * Empty for a table with hardly more rows, and for a view, whose first rows must do.
     *
     * @param table as SQL
     * @param limit the query's
     */
    public static String sample(Connection connection, String table, long limit) throws SQLException {
        long blocks = blocks(connection, table);
        long rows = blocks == 0 ? 0 : of(connection, table, blocks).rows;
        double needed = (double) limit / Math.max(1, rows) * blocks;
        double sampled = needed + DEVIATIONS * Math.sqrt(needed) + SPARE_BLOCKS;
        return sampled >= blocks ? "" : sample(sampled / blocks) + " ORDER BY random()";
    }

    private static TableSize of(Connection connection, String table, long blocks) throws SQLException {
        String count = "SELECT count(*) FROM " + table;
        if (blocks <= COUNTED_BLOCKS) {
            return new TableSize(Query.of(connection, count).number(), true, blocks);
        }
        double share = (double) SAMPLED_BLOCKS / blocks;
        long rows = Query.of(connection, count + sample(share)).number();
        return new TableSize(Math.round(rows / share), false, blocks);
    }

    private static long blocks(Connection connection, String table) throws SQLException {
        return Query.of(connection, BLOCKS, table).number();
    }

    private static String sample(double share) {
        return " TABLESAMPLE SYSTEM (" + 100 * share + ")";
    }
}
