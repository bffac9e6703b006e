package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a session finds functions, operators, types and tables that are named without a schema. On the role's own path
 * there may be schemas in which others can create: a function there whose arguments fit ours better than PostgreSQL's is
 * called instead, as whoever we are (CVE-2018-1058). So a transaction of ours goes by a fixed path, which holds nothing but
 * what PostgreSQL brings. Triggers of the target table may need the role's own path; what fires them restores it, and is
 * written with every name qualified. Statements here are commands, not queries: they call nothing. Stateless.
 */
public final class SearchPath {

    /** Named, temporary objects come last; unnamed, they would come first. */
    private static final String FIXED = "search_path = pg_catalog, pg_temp";

    /** For the whole session. */
    static final String FIX_SESSION = "SET " + FIXED;

    /** Back to what the role, the database or the server says. */
    static final String RESTORE_SESSION = "RESET search_path";

    private static final String OWN_SCHEMA = "sluice";

    /** Trusted are superusers, this user, and who owns the database or our schema. */
    private static final String OPEN =
            """
            SELECT nspname,
                string_agg(DISTINCT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(holder.rolname) END, ', ')
            FROM pg_namespace
                CROSS JOIN LATERAL aclexplode(coalesce(nspacl, acldefault('n', nspowner))) AS granted
                LEFT JOIN pg_roles AS holder ON holder.oid = grantee
            WHERE nspname = ANY (?) AND privilege_type = 'CREATE' AND holder.rolsuper IS NOT TRUE
                AND holder.rolname IS DISTINCT FROM current_user AND holder.rolname IS DISTINCT FROM 'pg_database_owner'
                AND grantee NOT IN (SELECT datdba FROM pg_database WHERE datname = current_database()
                    UNION ALL SELECT nspowner FROM pg_namespace WHERE nspname = 'sluice')
            GROUP BY nspname
            ORDER BY nspname
            """;

    private static final String FIND =
            """
            SELECT nspname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relname = ? AND nspname = ANY (?) AND relkind IN ('r', 'p', 'v', 'm', 'f')
            """;

    private SearchPath() {}

    /** Fixes the path until the transaction ends, or until {@link #restore}. */
    public static void fix(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL " + FIXED);
    }

    /**
     * Gives the role its own path for the rest of the transaction, COMMIT included. For statements that fire triggers of the
     * target table; these name every function, operator and type with its schema.
     */
    public static void restore(Connection connection) throws SQLException {
        execute(connection, "SET LOCAL search_path TO DEFAULT");
    }

    /**
     * The schemas on the role's own path that exist and that it may use, in order. Without schema {@code sluice}, which
     * {@code "$user"} finds for a user of that name, and without PostgreSQL's own. Leaves the path fixed.
     *
     * @param connection within a transaction
     */
    static List<String> schemas(Connection connection) throws SQLException {
        restore(connection);
        List<String> schemas = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT pg_catalog.unnest(pg_catalog.current_schemas(false))")) {
            while (found.next()) {
                schemas.add(found.getString(1));
            }
        }
        fix(connection);
        schemas.removeIf(schema -> schema.equals(OWN_SCHEMA) || schema.startsWith("pg_"));
        return schemas;
    }

    /**
     * The pipeline's table with the schema that a statement without one would have found: the first on the role's own path
     * that has it, or the first of all, where it would be created. Leaves the path fixed.
     *
     * @param connection within a transaction
     * @throws InfrastructureException CONFIG when the path has no schema that can be used
     */
    public static PipelineSpec.Sink locate(Connection connection, PipelineSpec.Sink sink) throws SQLException {
        if (sink.schema() != null || sink.foundIn() != null) {
            fix(connection);
            return sink;
        }
        List<String> schemas = schemas(connection);
        if (schemas.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the search path of this login has no schema that it may use; name the schema of table "
                            + sink.table() + " in the pipeline (sink.table: schema.table)");
        }
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, sink.table());
            statement.setArray(2, connection.createArrayOf("text", schemas.toArray()));
            ResultSet found = statement.executeQuery();
            Set<String> homes = new HashSet<>();
            while (found.next()) {
                homes.add(found.getString(1));
            }
            return sink.foundIn(
                    schemas.stream().filter(homes::contains).findFirst().orElse(schemas.getFirst()));
        }
    }

    /**
     * Schemas on the role's own path, and schema {@code sluice}, in which roles can create that are neither their owner, this
     * user nor superusers: what they make there is found by whoever has the schema on the path.
     *
     * @param connection within a transaction
     * @return a sentence for each, with what closes it
     */
    public static List<String> openToOthers(Connection connection) throws SQLException {
        List<String> schemas = schemas(connection);
        schemas.add(OWN_SCHEMA);
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            ResultSet found = statement.executeQuery();
            List<String> open = new ArrayList<>();
            while (found.next()) {
                open.add(warning(found.getString(1), found.getString(2)));
            }
            return open;
        }
    }

    private static String warning(String schema, String others) {
        return "others can create in schema " + schema + " (" + others
                + "), and what they make there may run as whoever"
                + " has it on the search path; close it: REVOKE CREATE ON SCHEMA " + Identifiers.quoted(schema)
                + " FROM "
                + others;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
