package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.TestSql;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each role can do, and above all what it can not, tried by a login of it: over every table and function that is there,
 * so that one that comes later is tried too. The owner is no superuser, as with a managed database. Once on the default
 * rights of today, and once on those of PostgreSQL 14 and before, which an upgrade keeps: everybody creates in public.
 */
@ParameterizedClass(name = "others create in public: {0}")
@ValueSource(booleans = {false, true})
class RolePermissionsIT {

    private static final String NOT_PERMITTED = "42501";

    private static final String LOGIN_EVENT =
            "{\"user_id\":\"%s\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"192.0.2.1\",\"locale\":null,"
                    + "\"device_id\":\"d\"}";

    /** Every table of ours, in whatever schema: those of schema sluice, the target, its partitions. */
    private static final String TABLES = "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')"
            + " AND relnamespace IN ('sluice'::regnamespace, 'public'::regnamespace) ORDER BY 1";

    private static final String CALLS =
            "SELECT format('%s.%I(%s)', pronamespace::regnamespace, proname, array_to_string(ARRAY("
                    + "SELECT 'NULL::' || format_type(type, NULL) FROM unnest(proargtypes) AS type), ', '))"
                    + " FROM pg_proc WHERE pronamespace = 'sluice'::regnamespace ORDER BY 1";

    private static final String CREATES_IN_PUBLIC = "CREATE TABLE public.other (i integer)";

    @SuppressWarnings("NullAway.Init") // made for each invocation of the class
    private static Playground playground;

    @Parameter
    boolean publicIsOpen;

    @BeforeParameterizedClassInvocation
    static void migrateWithRolesAsPlainOwner(boolean publicIsOpen, @TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        createRole("roles_owner LOGIN CREATEROLE");
        playground
                .administrator()
                .execute(
                        "GRANT CREATE ON SCHEMA public TO roles_owner;"
                                + "DO $$ BEGIN EXECUTE 'GRANT CREATE ON DATABASE ' || current_database() || ' TO roles_owner'; END $$");
        if (publicIsOpen) {
            playground.administrator().execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
        }
        sluiceAs("roles_owner", "keys", "create", "--allow-cleartext-keys").succeeded();
        String told = sluiceAs("roles_owner", "migrate", "--roles", "--partition-by", "create_date")
                .succeeded()
                .out();
        assertThat(told).contains("CREATE ROLE login_worker LOGIN IN ROLE sluice_writer");
        for (String role : List.of("writer", "analyst", "recovery", "operator")) {
            createRole("a_" + role + " LOGIN IN ROLE sluice_" + role);
        }
        // Something in each table, and rows by every path: COPY, a row that the database refuses, one the mapper
        // rejects.
        playground.administrator().execute("ALTER TABLE user_logins ADD CONSTRAINT known CHECK (user_id <> 'nobody')");
        playground.send(List.of(LOGIN_EVENT.formatted("u1"), LOGIN_EVENT.formatted("u2")));
        sluiceAs("a_writer", "run", "--until-empty").succeeded();
        playground.send(List.of(LOGIN_EVENT.formatted("u3"), LOGIN_EVENT.formatted("nobody"), "no json"));
        assertThat(sluiceAs("a_writer", "run", "--until-empty").succeeded().lastLine())
                .startsWith("received 3 = stored 1 + duplicates 0 + quarantined 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    writer   | INSERT user_logins, INSERT sluice.ledger, INSERT sluice.ledger_by_key, INSERT sluice.quarantine, \
                               SELECT sluice.bulk_dataset, SELECT sluice.bulk_unit, INSERT sluice.bulk_unit, \
                               SELECT sluice.bulk_ledger, INSERT sluice.bulk_ledger
                    analyst  | SELECT user_logins
                    recovery | SELECT user_logins, SELECT sluice.quarantine, SELECT sluice.audit, SELECT sluice.recovery_request
                    operator | SELECT user_logins, INSERT user_logins, UPDATE user_logins, DELETE user_logins, \
                               SELECT partition, UPDATE partition, \
                               SELECT sluice.quarantine, INSERT sluice.quarantine, UPDATE sluice.quarantine, DELETE sluice.quarantine, \
                               SELECT sluice.quarantine_exported, INSERT sluice.quarantine_exported, \
                               DELETE sluice.quarantine_exported, \
                               SELECT sluice.quarantine_imported, INSERT sluice.quarantine_imported, \
                               SELECT sluice.rewrap, INSERT sluice.rewrap, UPDATE sluice.rewrap, DELETE sluice.rewrap, \
                               SELECT sluice.rewrap_rows, INSERT sluice.rewrap_rows, UPDATE sluice.rewrap_rows, \
                               DELETE sluice.rewrap_rows
                    """)
    void mayTouchTheseTablesAndNoOther(String role, String allowed) throws SQLException {
        Set<String> possible = new TreeSet<>();
        try (Session session = Session.of(role)) {
            for (String table : playground.administrator().query(TABLES)) {
                attemptAll(session, table, possible);
            }
        }
        assertThat(possible).isEqualTo(words(allowed)).hasSizeGreaterThan(0);
    }

    private static void attemptAll(Session session, String table, Set<String> possible) throws SQLException {
        String name = table.startsWith("user_logins_") ? "partition" : table;
        String column = playground
                .administrator()
                .query("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '" + table
                        + "'::regclass AND attnum > 0 ORDER BY attnum LIMIT 1")
                .getFirst();
        session.attempt("SELECT 1 FROM " + table + " LIMIT 1", "SELECT " + name, possible);
        session.attempt("COPY " + table + " TO STDOUT", "SELECT " + name, possible);
        session.attempt("INSERT INTO " + table + " DEFAULT VALUES", "INSERT " + name, possible);
        session.attempt("UPDATE " + table + " SET " + column + " = DEFAULT", "UPDATE " + name, possible);
        session.attempt("DELETE FROM " + table, "DELETE " + name, possible);
        session.attempt("TRUNCATE " + table, "TRUNCATE " + name, possible);
        session.attempt("DROP TABLE " + table, "DROP " + name, possible);
        session.attempt("ALTER TABLE " + table + " DISABLE TRIGGER ALL", "ALTER " + name, possible);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    writer   | schema_version, ledger_claim, ledger_claim_keys, ledger_ensure, ledger_prune, \
                               ledger_by_key_prune, ledger_horizon, partitions_ensure, attempts_begin, \
                               attempts_begin_alone, attempts_end, installation_id, mutex_holder, \
                               fields_record, fields_recent, recovery_counts, bulk_dataset_take
                    analyst  |
                    recovery | schema_version, recovery_unmask, recovery_find, recovery_result, recovery_submit, \
                               recovery_approve, recovery_fetch, recovery_export, installation_id, mutex_holder, audit_inspect, \
                               bulk_line
                    operator | schema_version, ledger_claim, ledger_claim_keys, partition_drop, recovery_find, \
                               audit_erase, audit_retain_begin, audit_retain_end, audit_rewrap_begin, audit_rewrap_end, \
                               audit_inspect, audit_replay_begin, audit_replay_end, audit_replay_refused, \
                               installation_id, mutex_holder, fields_recent, bulk_line
                    """)
    void mayCallTheseFunctionsAndNoOther(String role, String allowed) throws SQLException {
        Set<String> possible = new TreeSet<>();
        try (Session session = Session.of(role)) {
            for (String call : playground.administrator().query(CALLS)) {
                session.attempt("SELECT " + call, call.replaceAll("^sluice\\.|\\(.*", ""), possible);
            }
        }
        assertThat(possible).isEqualTo(allowed == null ? Set.of() : words(allowed));
    }

    /** One that was inserted before its turn refused the record whose turn it was, and the worker stopped receiving. */
    @ParameterizedTest
    @ValueSource(strings = {"writer", "operator"})
    void insertsNoIdOfItsOwnChoiceIntoTheQuarantine(String role) throws SQLException {
        Set<String> possible = new TreeSet<>();
        String columns =
                "pipeline, pipeline_version, reason, sent_at, message_id, record_index, receive_count, original,"
                        + " original_form";
        String values = "'p', 'v', 'r', now(), 'm', 0, 1, '', 'body'";
        try (Session session = Session.of(role)) {
            session.attempt(
                    "INSERT INTO sluice.quarantine (id, " + columns + ") OVERRIDING SYSTEM VALUE VALUES (1000, "
                            + values + ")",
                    "an id",
                    possible);
            session.attempt(
                    "INSERT INTO sluice.quarantine (" + columns + ") VALUES (" + values + ")",
                    "all but an id",
                    possible);
        }
        assertThat(possible).containsExactly("all but an id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"writer", "analyst", "recovery", "operator"})
    void mayMakeNothingAndBecomeNobodyElse(String role) throws SQLException {
        Set<String> possible = new TreeSet<>();
        try (Session session = Session.of(role)) {
            for (String statement : List.of(
                    "CREATE TABLE sluice.other (i integer)",
                    "CREATE FUNCTION sluice.other() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                    CREATES_IN_PUBLIC,
                    "CREATE ROLE other",
                    "CREATE OR REPLACE FUNCTION sluice.schema_version() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                    "SET SESSION AUTHORIZATION roles_owner",
                    "SET ROLE roles_owner")) {
                session.attempt(statement, statement, possible);
            }
            for (String sequence :
                    playground.administrator().query("SELECT oid::regclass FROM pg_class WHERE relkind = 'S'")) {
                session.attempt("SELECT last_value FROM " + sequence, sequence, possible);
                session.attempt("SELECT nextval('" + sequence + "')", sequence, possible);
            }
            for (String other : List.of("writer", "analyst", "recovery", "operator")) {
                session.attempt("SET ROLE sluice_" + other, other, possible);
            }
        }
        assertThat(possible.remove(CREATES_IN_PUBLIC)).isEqualTo(publicIsOpen);
        assertThat(possible).containsExactly(role);
    }

    /** The promise of the worker's role: whoever has taken over the worker's login finds no row in the database. */
    @Test
    void workerWithItsWholeEnvironmentReadsNoTable() {
        for (String command : List.of(
                "show",
                "duplicates",
                "quarantine list",
                "quarantine show 1 --ticket T",
                "quarantine replay --all --ticket T",
                "quarantine purge --older-than 1d --yes",
                "retain --older-than 1d",
                "retain --older-than 1d --dry-run",
                "erase --user-id u1 --ticket T",
                "erase --user-id u1 --ticket T --dry-run")) {
            Ran ran = sluiceAs("a_writer", command.split(" "));
            assertThat(ran.refused(ExitCode.NOT_PERMITTED)).as(command).contains("SQLSTATE 42501");
            assertThat(ran.out()).as(command).isEmpty();
        }
        assertThat(sluiceAs("a_writer", "doctor").succeeded().out())
                .contains("the role may write ledger and quarantine");
    }

    @ParameterizedTest
    @CsvSource({
        "analyst, show",
        "analyst, duplicates",
        "recovery, show",
        "recovery, quarantine list",
        "recovery, quarantine show 1",
        "recovery, quarantine show 1 --ticket T",
        "operator, show",
        "operator, quarantine list",
        "operator, quarantine replay --all --ticket T",
        "operator, quarantine purge --older-than 30d --yes",
        "operator, retain --older-than 400d",
        "operator, rewrap",
        "recovery, audit list",
        "recovery, audit verify",
        "recovery, unmask requests",
        "operator, erase --user-id absent --ticket T",
        "operator, erase --user-id absent --ticket T --null device_type"
    })
    void eachRoleDoesItsWork(String role, String command) {
        sluiceAs("a_" + role, command.split(" ")).succeeded();
    }

    @ParameterizedTest
    @CsvSource({
        "analyst, run --until-empty",
        "analyst, quarantine list",
        "analyst, erase --user-id u1 --ticket T",
        "recovery, run --until-empty",
        "recovery, quarantine purge --older-than 30d --yes",
        "recovery, erase --user-id u1 --ticket T",
        "recovery, quarantine replay --all --ticket T",
        "analyst, quarantine show 1",
        "operator, run --until-empty",
        "operator, migrate --roles"
    })
    void noRoleDoesTheWorkOfAnother(String role, String command) {
        sluiceAs("a_" + role, command.split(" ")).refused(ExitCode.NOT_PERMITTED);
    }

    @Test
    void replayStoresWhatFitsUnderTheOperatorsRole() {
        playground.administrator().execute("ALTER TABLE user_logins DROP CONSTRAINT known");
        assertThat(sluiceAs(
                                "a_operator",
                                "quarantine",
                                "replay",
                                "--reason",
                                "refused-by-database",
                                "--ticket",
                                "OPS-1")
                        .succeeded()
                        .lastLine())
                .isEqualTo("replayed 1 = stored 1 + duplicates 0 + rejected 0");
        playground
                .administrator()
                .execute("DELETE FROM user_logins WHERE user_id = 'nobody';"
                        + "ALTER TABLE user_logins ADD CONSTRAINT known CHECK (user_id <> 'nobody')");
    }

    @Test
    void recoveryExportsAndOnlyTheOperatorDeletesAndImports(@TempDir Path folder) {
        Path copy = folder.resolve("copy");
        Path moved = folder.resolve("moved");
        sluiceAs("a_writer", "quarantine", "export", copy.toString()).refused(ExitCode.NOT_PERMITTED);
        sluiceAs("a_recovery", "quarantine", "export", copy.toString()).succeeded();
        sluiceAs("a_recovery", "quarantine", "import", copy.toString()).refused(ExitCode.NOT_PERMITTED);
        sluiceAs("a_recovery", "quarantine", "export", moved.toString(), "--delete-exported")
                .refused(ExitCode.NOT_PERMITTED);
        assertThat(moved).as("refused before anything was written").doesNotExist();

        // Of nothing, since other tests look for these records; the privileges are asked for all the same.
        sluiceAs("a_operator", "quarantine", "export", moved.toString(), "--delete-exported", "--until", "300d")
                .succeeded();
        assertThat(sluiceAs("a_operator", "quarantine", "import", copy.toString())
                        .succeeded()
                        .lastLine())
                .startsWith("imported 0 records; left out: ");
    }

    @Test
    void auditNamesTheLogin() {
        sluiceAs("a_operator", "erase", "--user-id", "absent", "--ticket", "T-1")
                .succeeded();
        assertThat(playground.administrator().query("SELECT DISTINCT actor FROM sluice.audit WHERE ticket = 'T-1'"))
                .containsExactly("a_operator");
    }

    @Test
    void withdrawsWhatIsTooMuchAndLeavesAttributes() {
        playground
                .administrator()
                .execute("GRANT SELECT ON sluice.ledger TO sluice_writer; GRANT SELECT ON sluice.quarantine TO PUBLIC;"
                        + "GRANT USAGE ON SCHEMA sluice TO PUBLIC; GRANT EXECUTE ON FUNCTION sluice.schema_version() TO PUBLIC;"
                        + "GRANT UPDATE ON user_logins TO sluice_analyst; ALTER ROLE sluice_analyst LOGIN");
        String told = sluiceAs("roles_owner", "migrate", "--roles", "--output", "json")
                .succeeded()
                .lastLine();
        assertThat(told).contains("\"roles_created\":[]");
        assertThat(playground
                        .administrator()
                        .query("SELECT rolcanlogin FROM pg_roles WHERE rolname ~ '^sluice_' ORDER BY rolname"))
                .containsExactly("t", "f", "f", "f");
        playground.administrator().execute("ALTER ROLE sluice_analyst NOLOGIN");
        assertThat(playground
                        .administrator()
                        .query("SELECT 1 WHERE has_table_privilege('sluice_writer', 'sluice.ledger', 'SELECT')"
                                + " OR has_table_privilege('sluice_analyst', 'user_logins', 'UPDATE')"
                                + " OR has_schema_privilege('public', 'sluice', 'USAGE')"
                                + " OR has_table_privilege('public', 'sluice.quarantine', 'SELECT')"
                                + " OR has_function_privilege('public', 'sluice.schema_version()', 'EXECUTE')"))
                .isEmpty();
    }

    @Test
    void upkeepTouchesRegisteredTablesOnly() throws SQLException {
        List<String> before = playground.administrator().query(TABLES);
        try (Session writer = Session.of("writer");
                Session operator = Session.of("operator")) {
            for (String other : List.of("sluice.ledger", "sluice.quarantine", "pg_class")) {
                writer.attempt("SELECT sluice.partitions_ensure('" + other + "')", other, new TreeSet<>());
                operator.attempt("SELECT sluice.partition_drop('" + other + "', '2020-01-01')", other, new TreeSet<>());
            }
        }
        assertThat(playground.administrator().query(TABLES)).isEqualTo(before);
    }

    /** Roles are the server's, databases are each invocation's. */
    private static void createRole(String role) {
        playground
                .administrator()
                .execute("DO $$ BEGIN CREATE ROLE " + role + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    }

    private static Ran sluiceAs(String login, String... args) {
        return playground.as(login).sluice(args);
    }

    /** One session for many attempts: to log in takes far longer than an attempt. */
    private record Session(Connection connection) implements AutoCloseable {

        static Session of(String role) throws SQLException {
            Connection connection =
                    DriverManager.getConnection(PostgresServer.jdbcUrl(playground.loginUrl("a_" + role)));
            try (Statement statement = connection.createStatement()) {
                statement.execute(TestSql.PUBLIC_FIRST);
            }
            connection.setAutoCommit(false);
            return new Session(connection);
        }

        /** Records what the server does not refuse for a missing privilege, and rolls it back. */
        void attempt(String sql, String note, Set<String> possible) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                possible.add(note);
            } catch (SQLException e) {
                if (!NOT_PERMITTED.equals(e.getSQLState())) {
                    possible.add(note);
                }
            } finally {
                connection.rollback();
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    private static Set<String> words(String list) {
        return Stream.of(list.split(",")).map(String::strip).collect(Collectors.toCollection(TreeSet::new));
    }
}
