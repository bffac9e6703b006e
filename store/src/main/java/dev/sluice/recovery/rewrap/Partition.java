package dev.sluice.recovery.rewrap;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import java.io.Serializable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A table that holds rows itself: the target, or one of its partitions.
 *
 * @param id its oid
 * @param name as SQL, with its schema
 * @param blocks its size when it was looked up
 */
public record Partition(long id, String name, long blocks) implements Serializable {

    /** The first version with range scans over tuple ids; before it, each page would read the whole table. */
    private static final int FIRST_VERSION = 140_000;

    private static final String FIND =
            """
            WITH RECURSIVE family AS (
                SELECT to_regclass(?)::oid AS id
                UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN family ON inhparent = id
            )
            SELECT c.oid, format('%I.%I', n.nspname, c.relname),
                pg_relation_size(c.oid) / current_setting('block_size')::bigint,
                row_security_active(c.oid), current_setting('server_version_num')::integer
            FROM family JOIN pg_catalog.pg_class c ON c.oid = family.id
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r'
            ORDER BY c.oid
            """;

    /**
     * Finds the tables that hold the target's rows, foreign partitions excepted.
     *
     * @throws InfrastructureException CONFIG if the table does not exist, or this user does not see all its rows
     */
    public static List<Partition> of(Database database, PipelineSpec.Sink sink) {
        String table = Identifiers.quoted(database.located(sink));
        List<Partition> partitions = database.transact(
                "look at table " + sink.qualifiedName(),
                connection -> Query.of(connection, FIND, table).list(Partition::read));
        if (partitions.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + sink.qualifiedName()
                            + " does not exist (or is not on the search path), or does not hold rows itself");
        }
        return partitions;
    }

    private static Partition read(ResultSet row) throws SQLException {
        Partition partition = new Partition(row.getLong(1), row.getString(2), row.getLong(3));
        if (row.getBoolean(4)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + partition.name + " has row-level security for this user, which hides rows; use a role"
                            + " with BYPASSRLS");
        }
        if (row.getInt(5) < FIRST_VERSION) {
            throw new InfrastructureException(Kind.CONFIG, "PostgreSQL 14 or later is needed to page through a table");
        }
        return partition;
    }
}
