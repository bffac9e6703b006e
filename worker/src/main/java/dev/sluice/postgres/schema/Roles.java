package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Mutex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The database's group roles, one for each kind of user of Sluice, with what that user's commands need and nothing else.
 * They cannot log in themselves; logins are made members of them. Thread-safe.
 *
 * <p>A role holds the table of every pipeline for which it was granted; roles are common to all databases of a server,
 * grants are not.
 */
public final class Roles {

    /** For workers. */
    public static final String WRITER = "sluice_writer";

    /** For who reads the table. */
    public static final String ANALYST = "sluice_analyst";

    /** For who recovers values and reads the quarantine. */
    public static final String RECOVERY = "sluice_recovery";

    static final String OPERATOR = "sluice_operator";

    /** All of them, in the order in which they are told. */
    public static final List<String> NAMES = List.of(WRITER, ANALYST, RECOVERY, OPERATOR);

    private static final String MAY_CREATE =
            "SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)";

    private static final String ACTION = "grant the roles what they need";

    private static final List<Grant> GRANTS = List.of(
            new Grant.OnTarget("INSERT", WRITER),
            new Grant.OnTables("INSERT", "ledger|ledger_by_key", WRITER),
            new Grant.OnColumns("INSERT", "quarantine", "id", WRITER),
            new Grant.OnFunctions(
                    "schema_version|installation_id|mutex_holder|ledger_.*|partitions_ensure|attempts_.*", WRITER),
            new Grant.OnTarget("SELECT", ANALYST),
            new Grant.OnTarget("SELECT", RECOVERY),
            new Grant.OnTables("SELECT", "quarantine|audit|recovery_request", RECOVERY),
            new Grant.OnFunctions(
                    "schema_version|installation_id|mutex_holder|audit_inspect"
                            + "|recovery_(unmask|find|result|submit|approve|fetch)",
                    RECOVERY),
            new Grant.OnTarget("SELECT, INSERT, UPDATE, DELETE", OPERATOR),
            new Grant.OnPartitions("SELECT, UPDATE", OPERATOR),
            new Grant.OnTables("SELECT, UPDATE, DELETE", "quarantine", OPERATOR),
            new Grant.OnColumns("INSERT", "quarantine", "id", OPERATOR),
            new Grant.OnTables("SELECT, INSERT, UPDATE, DELETE", "rewrap.*", OPERATOR),
            new Grant.OnFunctions(
                    "schema_version|installation_id|mutex_holder|ledger_claim|ledger_claim_keys|partition_drop|recovery_find"
                            + "|audit_(erase|retain_begin|retain_end|rewrap_begin|rewrap_end|inspect)"
                            + "|audit_replay_(begin|end|refused)",
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
     * Creates the roles that are missing, and brings their grants on schema {@code sluice} and on the table to what they
     * are to be: what is too much is withdrawn, also from PUBLIC in schema {@code sluice}. Running workers notice nothing.
     * A role that exists keeps its attributes, LOGIN among them. Safe to repeat.
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
        try (Statement statement = connection.createStatement()) {
            // Two at once would update one catalog row at once, which PostgreSQL refuses.
            Mutex.ROLES.take(connection);
            List<String> created = create(connection, statement);
            String all = String.join(", ", NAMES);
            revoke(statement, all);
            statement.execute("GRANT USAGE ON SCHEMA sluice TO " + String.join(", ", WRITER, RECOVERY, OPERATOR));
            openSchemaOfTarget(connection, statement);
            for (Grant grant : GRANTS) {
                for (String sql : grant.statements(connection, sink)) {
                    statement.execute(sql);
                }
            }
            return created;
        }
    }

    private static List<String> create(Connection connection, Statement statement) throws SQLException {
        List<String> missing = new ArrayList<>(NAMES);
        missing.removeAll(ask(
                connection,
                "SELECT rolname FROM pg_roles WHERE rolname = ANY (string_to_array(?, ' '))",
                String.join(" ", NAMES)));
        if (!missing.isEmpty() && ask(connection, MAY_CREATE).isEmpty()) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "the database has no role " + String.join(", ", missing)
                            + " and this user may not create roles; have them created (CREATE ROLE "
                            + missing.getFirst() + " NOLOGIN) or call with a user who has CREATEROLE");
        }
        for (String role : missing) {
            statement.execute("CREATE ROLE " + role + " NOLOGIN");
        }
        return missing;
    }

    private void revoke(Statement statement, String all) throws SQLException {
        statement.execute("REVOKE ALL ON SCHEMA sluice FROM PUBLIC, " + all);
        for (String kind : List.of("TABLES", "SEQUENCES", "FUNCTIONS")) {
            statement.execute("REVOKE ALL ON ALL " + kind + " IN SCHEMA sluice FROM PUBLIC, " + all);
        }
        statement.execute("REVOKE ALL ON TABLE " + Identifiers.quoted(sink) + " FROM " + all);
    }

    /** Most schemas are open to all; granting that again may need more than the user has. */
    private void openSchemaOfTarget(Connection connection, Statement statement) throws SQLException {
        List<String> closed = ask(
                connection,
                "SELECT format('%I TO %I', nspname, role) FROM pg_class"
                        + " JOIN pg_namespace ON pg_namespace.oid = relnamespace, unnest(string_to_array(?, ' ')) AS role"
                        + " WHERE pg_class.oid = ?::regclass AND NOT has_schema_privilege(role, nspname, 'USAGE')",
                String.join(" ", NAMES),
                Identifiers.quoted(sink));
        for (String grant : closed) {
            statement.execute("GRANT USAGE ON SCHEMA " + grant);
        }
    }

    private static List<String> ask(Connection connection, String question, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            ResultSet found = statement.executeQuery();
            List<String> answers = new ArrayList<>();
            while (found.next()) {
                answers.add(found.getString(1));
            }
            return answers;
        }
    }

    /** What is granted to whom; objects of schema {@code sluice} by patterns, since some come with later versions. */
    private sealed interface Grant {

        /** The SQL between GRANT and ON, after ON, and after TO; one for each object that is there. */
        List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException;

        /** On the pipeline's table. */
        record OnTarget(String privileges, String role) implements Grant {
            @Override
            public List<String> statements(Connection connection, PipelineSpec.Sink sink) {
                return List.of("GRANT " + privileges + " ON TABLE " + Identifiers.quoted(sink) + " TO " + role);
            }
        }

        /** On each partition of it, for what goes over them one by one. */
        record OnPartitions(String privileges, String role) implements Grant {
            @Override
            public List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException {
                return ask(
                        connection,
                        "SELECT format('GRANT %s ON TABLE %s TO %s', ?, relid, ?) FROM pg_partition_tree(?::regclass)"
                                + " WHERE level > 0",
                        privileges,
                        role,
                        Identifiers.quoted(sink));
            }
        }

        /** @param names a regular expression (POSIX) of whole names */
        record OnTables(String privileges, String names, String role) implements Grant {
            @Override
            public List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException {
                return ask(
                        connection,
                        "SELECT format('GRANT %s ON TABLE sluice.%I TO %s', ?, relname, ?) FROM pg_class WHERE relname ~ ?"
                                + " AND relnamespace = 'sluice'::regnamespace AND relkind IN ('r', 'p')",
                        privileges,
                        role,
                        "^(" + names + ")$");
            }
        }

        /**
         * On every column of a table but one: an id that somebody inserts before its turn refuses the row whose turn it is.
         *
         * @param without the column
         */
        record OnColumns(String privilege, String table, String without, String role) implements Grant {
            @Override
            public List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException {
                return ask(
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
        }

        /** @param names as for {@link OnTables} */
        record OnFunctions(String names, String role) implements Grant {
            @Override
            public List<String> statements(Connection connection, PipelineSpec.Sink sink) throws SQLException {
                return ask(
                        connection,
                        "SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', oid::regprocedure, ?) FROM pg_proc"
                                + " WHERE pronamespace = 'sluice'::regnamespace AND proname ~ ?",
                        role,
                        "^(" + names + ")$");
            }
        }
    }
}
