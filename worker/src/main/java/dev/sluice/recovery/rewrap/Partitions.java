package dev.sluice.recovery.rewrap;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds the tables that hold the target's rows. Foreign partitions are not among them. Stateless. */
public final class Partitions {

    /** Range scans over tuple ids came with it; before, each page would read the whole table. */
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

    private Partitions() {}

    /**
     * Looks them up, with their sizes.
     *
     * @throws InfrastructureException CONFIG when there is no such table, or its rows cannot be gone over
     */
    public static List<Partition> of(Database database, PipelineSpec.Sink sink) {
        PipelineSpec.Sink table = database.located(sink);
        List<Partition> leaves =
                database.transact("look at table " + sink.qualifiedName(), connection -> of(connection, table));
        if (leaves.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + sink.qualifiedName()
                            + " does not exist (or not on the search path), or is none that holds rows");
        }
        return leaves;
    }

    private static List<Partition> of(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, Identifiers.quoted(sink));
            ResultSet found = statement.executeQuery();
            List<Partition> leaves = new ArrayList<>();
            while (found.next()) {
                requireWhole(found.getString(2), found.getBoolean(4), found.getInt(5));
                leaves.add(new Partition(found.getLong(1), found.getString(2), found.getLong(3)));
            }
            return leaves;
        }
    }

    private static void requireWhole(String name, boolean rowSecurity, int version) {
        if (rowSecurity) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + name + " has row-level security for this user, who would not see every row; use a role"
                            + " with BYPASSRLS");
        }
        if (version < FIRST_VERSION) {
            throw new InfrastructureException(Kind.CONFIG, "PostgreSQL 14 or later is needed to page through a table");
        }
    }
}
