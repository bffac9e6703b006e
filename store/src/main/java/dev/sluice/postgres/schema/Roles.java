package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The database's group roles, one for each kind of user of Sluice, with what that user's commands need and nothing else. They
 * cannot log in themselves; logins become members of them. Thread-safe.
 *
 * <p>A role has the tables of all pipelines for which it was granted; all databases of a server share the roles, but not the
 * grants.
 */
public final class Roles {

    /** For workers. */
    public static final String WRITER = "sluice_writer";

    /** For those who read the table. */
    public static final String ANALYST = "sluice_analyst";

    /** For those who recover values and read the quarantine. */
    public static final String RECOVERY = "sluice_recovery";

    /** For those who replay the quarantine, rewrap and erase. */
    public static final String OPERATOR = "sluice_operator";

    /** All of them, in the order of reports. */
    public static final List<String> NAMES = List.of(WRITER, ANALYST, RECOVERY, OPERATOR);

    private static final String MAY_CREATE =
            "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)";

    private static final String ACTION = "grant the roles what they need";

    private static final List<Grant> GRANTS = List.of(
            Grant.onTarget("INSERT", WRITER),
            Grant.onTables("INSERT", "ledger|ledger_by_key", WRITER),
            Grant.onColumns("INSERT", "quarantine", "id", WRITER),
            Grant.onTables("SELECT", "bulk_dataset", WRITER),
            Grant.onTables("SELECT, INSERT", "bulk_unit|bulk_ledger", WRITER),
            Grant.onFunctions(
                    "schema_version|installation_id|mutex_holder|ledger_.*|partitions_ensure|attempts_.*"
                            + "|fields_(record|recent)|recovery_counts|bulk_dataset_take",
                    WRITER),
            Grant.onTarget("SELECT", ANALYST),
            Grant.onTarget("SELECT", RECOVERY),
            Grant.onTables("SELECT", "quarantine|audit|recovery_request", RECOVERY),
            Grant.onFunctions(
                    "schema_version|installation_id|mutex_holder|audit_inspect|bulk_line"
                            + "|recovery_(unmask|find|result|submit|approve|fetch|export)",
                    RECOVERY),
            Grant.onTarget("SELECT, INSERT, UPDATE, DELETE", OPERATOR),
            Grant.onPartitions("SELECT, UPDATE", OPERATOR),
            Grant.onTables("SELECT, UPDATE, DELETE", "quarantine", OPERATOR),
            Grant.onColumns("INSERT", "quarantine", "id", OPERATOR),
            Grant.onTables("SELECT, INSERT, DELETE", "quarantine_exported", OPERATOR),
            Grant.onTables("SELECT, INSERT", "quarantine_imported", OPERATOR),
            Grant.onTables("SELECT, INSERT, UPDATE, DELETE", "rewrap.*", OPERATOR),
            Grant.onFunctions(
                    "schema_version|installation_id|mutex_holder|ledger_claim|ledger_claim_keys|partition_drop|recovery_find|fields_recent"
                            + "|audit_(erase|retain_begin|retain_end|rewrap_begin|rewrap_end|inspect)"
                            + "|audit_replay_(begin|end|refused)|bulk_line",
                    OPERATOR));

    private final PipelineSpec.Sink sink;

    /** @param spec names the table; it must exist when {@link #grant} is called */
    public Roles(PipelineSpec spec) {
        this(spec.sink());
    }

    private Roles(PipelineSpec.Sink sink) {
        this.sink = sink;
    }

    /**
     * Creates missing roles and sets their grants on schema {@code sluice} and on the table: other privileges are revoked, in
     * schema {@code sluice} from PUBLIC too. Running workers are not affected. An existing role keeps its attributes, such as
     * LOGIN. Can be repeated.
     *
     * @return the roles that were created
     * @throws InfrastructureException NOT_PERMITTED when the user may not create a role that is missing, or does not own
     *     schema or table
     */
    public List<String> grant(Database database) {
        Roles located = new Roles(database.located(sink));
        return Mutex.ROLES.transact(database, ACTION, located::grant);
    }

    private List<String> grant(Connection connection) throws SQLException {
        // Two at once would update the same catalog row, which PostgreSQL rejects.
        Mutex.ROLES.take(connection);
        List<String> missing = missing(connection);
        requireMayCreate(connection, missing);
        for (String statement : statements(connection, missing)) {
            Query.execute(connection, statement);
        }
        return missing;
    }

    /**
     * What {@link #grant} would run, without semicolons; schema {@code sluice} must be current and the table exist.
     *
     * @param connection with the search path fixed
     */
    List<String> statements(Connection connection) throws SQLException {
        return new Roles(SearchPath.locate(connection, sink)).statements(connection, missing(connection));
    }

    private List<String> statements(Connection connection, List<String> missing) throws SQLException {
        List<String> statements = new ArrayList<>();
        missing.forEach(role -> statements.add("CREATE ROLE " + role + " NOLOGIN"));
        String all = String.join(", ", NAMES);
        statements.add("REVOKE ALL ON SCHEMA sluice FROM PUBLIC, " + all);
        for (String kind : List.of("TABLES", "SEQUENCES", "FUNCTIONS")) {
            statements.add("REVOKE ALL ON ALL " + kind + " IN SCHEMA sluice FROM PUBLIC, " + all);
        }
        statements.add("REVOKE ALL ON TABLE " + Identifiers.quoted(sink) + " FROM " + all);
        statements.add("GRANT USAGE ON SCHEMA sluice TO " + String.join(", ", WRITER, RECOVERY, OPERATOR));
        statements.addAll(openSchemaOfTarget(connection));
        for (Grant grant : GRANTS) {
            statements.addAll(grant.statements(connection, sink));
        }
        return statements;
    }

    private static List<String> missing(Connection connection) throws SQLException {
        List<String> missing = new ArrayList<>(NAMES);
        missing.removeAll(
                names(connection, "SELECT rolname FROM pg_roles WHERE rolname = ANY (?)", Query.texts(NAMES)));
        return missing;
    }

    private static void requireMayCreate(Connection connection, List<String> missing) throws SQLException {
        if (!missing.isEmpty() && !Query.of(connection, MAY_CREATE).hasRow()) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "the database has no role " + String.join(", ", missing)
                            + " and this user may not create roles; have them created (CREATE ROLE "
                            + missing.get(0) + " NOLOGIN) or use a user with CREATEROLE");
        }
    }

    /** Only where needed: most schemas are open to all, and a grant may need more than this user has. */
    private List<String> openSchemaOfTarget(Connection connection) throws SQLException {
        return names(
                connection,
                "SELECT format('GRANT USAGE ON SCHEMA %I TO %I', nspname, role) FROM pg_class"
                        + " JOIN pg_namespace ON pg_namespace.oid = relnamespace, unnest(?) AS role"
                        + " WHERE pg_class.oid = ?::regclass AND NOT has_schema_privilege("
                        // A missing role has what everybody has.
                        + "CASE WHEN to_regrole(role) IS NULL THEN 'public' ELSE role END, nspname, 'USAGE')",
                Query.texts(NAMES),
                Identifiers.quoted(sink));
    }

    private static List<String> names(Connection connection, String sql, Object... parameters) throws SQLException {
        return Query.of(connection, sql, parameters).list(row -> row.getString(1));
    }

    /** A privilege for a role; on schema {@code sluice} by patterns of names, since later versions add objects. */
    @FunctionalInterface
    private interface Grant {

        /** The GRANT statements, one for each existing object. */
        List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException;

        /** On the pipeline's table. */
        static Grant onTarget(String privileges, String role) {
            return (connection, sink) ->
                    List.of("GRANT " + privileges + " ON TABLE " + Identifiers.quoted(sink) + " TO " + role);
        }

        /** On each of its partitions, for commands that read them one by one. */
        static Grant onPartitions(String privileges, String role) {
            return (connection, sink) -> names(
                    connection,
                    "SELECT format('GRANT %s ON TABLE %s TO %s', ?, relid, ?) FROM pg_partition_tree(?::regclass)"
                            + " WHERE level > 0",
                    privileges,
                    role,
                    Identifiers.quoted(sink));
        }

        /** @param names a regular expression (POSIX) for whole names */
        static Grant onTables(String privileges, String names, String role) {
            return (connection, sink) -> names(
                    connection,
                    "SELECT format('GRANT %s ON TABLE sluice.%I TO %s', ?, relname, ?) FROM pg_class WHERE relname ~ ?"
                            + " AND relnamespace = 'sluice'::regnamespace AND relkind IN ('r', 'p')",
                    privileges,
                    role,
                    "^(" + names + ")$");
        }

        /**
         * On every column of a table but one: an id that somebody inserts before its turn makes the row fail whose turn it is.
         *
         * @param without the column
         */
        static Grant onColumns(String privilege, String table, String without, String role) {
            return (connection, sink) -> names(
                    connection,
                    "SELECT format('GRANT %s (%s) ON TABLE sluice.%I TO %s', ?, string_agg(quote_ident(attname), ', '"
                            + " ORDER BY attnum), ?, ?) FROM pg_attribute WHERE attrelid = to_regclass('sluice.' || ?)"
                            + " AND attnum > 0 AND NOT attisdropped AND attname <> ?",
                    privilege,
                    table,
                    role,
                    table,
                    without);
        }

        /** @param names as for {@link #onTables} */
        static Grant onFunctions(String names, String role) {
            return (connection, sink) -> names(
                    connection,
                    "SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', oid::regprocedure, ?) FROM pg_proc"
                            + " WHERE pronamespace = 'sluice'::regnamespace AND proname ~ ?",
                    role,
                    "^(" + names + ")$");
        }
    }
}
