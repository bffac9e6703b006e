package dev.sluice.postgres.db;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a session finds functions, operators, types and tables that are named without a schema. The role's own path may
 * include schemas in which others can create: a function there whose arguments match better than PostgreSQL's own is called
 * instead, with our privileges (CVE-2018-1058). So our transactions use a fixed path with nothing but PostgreSQL's own
 * schemas. Triggers of the target table may need the role's own path; statements that fire them restore it and qualify every
 * name. Stateless.
 */
public final class SearchPath {

    /** For SET. {@code pg_temp} is named because temporary objects would come first otherwise. */
    public static final String FIXED = "search_path = pg_catalog, pg_temp";

    /** For the whole session. */
    static final String FIX_SESSION = "SET " + FIXED;

    /** Back to the setting of the role, the database or the server. */
    static final String RESTORE_SESSION = "RESET search_path";

    /** Back to that setting until the transaction ends. */
    static final String RESTORE = "SET LOCAL search_path TO DEFAULT";

    private static final String OWN_SCHEMA = "sluice";

    /** Trusted are superusers, this user, and the owners of the database and of our schema. */
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
        Query.execute(connection, "SET LOCAL " + FIXED);
    }

    /**
     * Restores the role's own path for the rest of the transaction, COMMIT included. For statements that fire triggers of the
     * target table; they qualify every function, operator and type.
     */
    public static void restore(Connection connection) throws SQLException {
        Query.execute(connection, RESTORE);
    }

    /**
     * The existing schemas on the role's own path that it may use, in order. Without schema {@code sluice}, which
     * {@code "$user"} finds for a user of that name, and without PostgreSQL's own. Leaves the path fixed.
     *
     * @param connection within a transaction
     */
    static List<String> schemas(Connection connection) throws SQLException {
        restore(connection);
        List<String> schemas = new ArrayList<>(
                Query.of(connection, "SELECT pg_catalog.current_schemas(false)").one(row -> Query.texts(row, 1)));
        fix(connection);
        schemas.removeIf(schema -> schema.equals(OWN_SCHEMA) || schema.startsWith("pg_"));
        return schemas;
    }

    /**
     * The pipeline's table with the schema that an unqualified statement would use: the first on the role's own path that has
     * the table, else the first of all, where it would be created. Leaves the path fixed.
     *
     * @param connection within a transaction
     * @throws InfrastructureException CONFIG when the path has no usable schema
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
                    "the search path of this login has no schema that it may use; set the schema of table "
                            + sink.table() + " in the pipeline (sink.table: schema.table)");
        }
        List<String> homes =
                Query.of(connection, FIND, sink.table(), Query.texts(schemas)).list(row -> row.getString(1));
        return sink.foundIn(schemas.stream().filter(homes::contains).findFirst().orElse(schemas.get(0)));
    }

    /**
     * Schemas on the role's own path, and schema {@code sluice}, in which untrusted roles can create: what they create there
     * is found by anyone with the schema on the path.
     *
     * @param connection within a transaction
     * @return a sentence for each, with the remedy
     */
    public static List<String> openToOthers(Connection connection) throws SQLException {
        List<String> schemas = schemas(connection);
        schemas.add(OWN_SCHEMA);
        return Query.of(connection, OPEN, Query.texts(schemas))
                .list(row -> warning(row.getString(1), row.getString(2)));
    }

    private static String warning(String schema, String others) {
        return "others can create in schema " + schema + " (" + others
                + "), and what they create there may run with the privileges of anyone"
                + " who has it on the search path; close it: REVOKE CREATE ON SCHEMA " + Identifiers.quoted(schema)
                + " FROM "
                + others;
    }
}
