package dev.sluice.postgres.schema;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Pooler;
import dev.sluice.postgres.db.Query;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/**
 * The versions of schema {@code sluice}, which holds all tables but the target. {@code sluice migrate} applies them; a run
 * checks the {@link #state()} and refuses to start unless it is {@link SchemaState#CURRENT}. Thread-safe: Flyway's lock serializes
 * migrations.
 */
public final class Migrations {

    /** The newest file under {@code migrations/}; a test compares the two. */
    static final int EXPECTED_VERSION = 24;

    static final String LOCATION = "dev/sluice/postgres/migrations";

    private static final String SCHEMA = "sluice";

    /** One per second: other migrations end sooner, and a lock that another program holds is reported soon. */
    private static final int LOCK_TRIES = 10;

    /**
     * The upper half of Flyway's lock: 77431708279161 plus a hash of the history's name, in its PostgreSQLAdvisoryLockTemplate.
     */
    private static final String LOCK_HOLDER =
            """
            SELECT held.pid, activity.usename
            FROM pg_locks AS held LEFT JOIN pg_stat_activity AS activity USING (pid)
            WHERE held.locktype = 'advisory' AND held.granted AND held.classid BETWEEN 18027 AND 18029
                AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

    /** The owner of the schema, unless that is this user or a superuser. */
    private static final String OTHER_OWNER =
            """
            SELECT rolname FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner
            WHERE nspname = 'sluice' AND rolname <> current_user AND NOT rolsuper
            """;

    private static final String ACCESS =
            """
            SELECT CASE WHEN to_regclass('sluice.schema_history') IS NULL THEN 'missing' WHEN version IS NULL THEN 'old'
                WHEN NOT has_function_privilege(version, 'EXECUTE') THEN 'denied' END
            FROM (SELECT to_regprocedure('sluice.schema_version()')::oid AS version) AS functions
            """;

    private final DatabaseSettings address;

    /** @param address with a user who owns, or may create, schema {@code sluice}; for the state, one who may call sluice.schema_version */
    public Migrations(DatabaseSettings address) {
        this.address = address;
    }

    /**
     * Brings the schema to the version this program expects. Blocks until done; waits for about ten seconds for another
     * migration to end.
     *
     * @return how many versions were applied; 0 when it was current
     * @throws InfrastructureException NOT_PERMITTED without the right to create or when another user owns the schema,
     *     CONFIG when it was created or changed by other means, or is not current and reached through a pooler in transaction
     *     mode, TRANSIENT when the database is unavailable or another session
     *     holds the lock
     */
    public int run() {
        requireOwnSchema();
        if (Pooler.isSharing(address) && state() == SchemaState.CURRENT) {
            return 0;
        }
        try {
            return flyway().migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw translate(e);
        }
    }

    /** Flyway puts the schema first on its path: functions that its owner creates there would run as this user. */
    private void requireOwnSchema() {
        Optional<String> owner = Connections.once(
                address, "read the owner of schema sluice", connection -> Query.of(connection, OTHER_OWNER)
                        .first(row -> row.getString(1)));
        if (owner.isPresent()) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "schema sluice belongs to " + owner.get()
                            + "; migrate as that user, or have the schema dropped if it should not exist");
        }
    }

    /**
     * Flyway sets the search path for its sessions, and runs migrations on it.
     *
     * @throws InfrastructureException CONFIG behind a pooler that lends its sessions to others
     */
    private Flyway flyway() {
        if (Pooler.isSharing(address)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "could not migrate schema sluice at " + address.place()
                            + ": a pooler lends PostgreSQL's sessions to other clients after each transaction, and a"
                            + " migration needs one of its own; set SLUICE_DATABASE_URL, or PGHOST and PGPORT, to the server"
                            + " itself, or to a pooler in session mode, for `sluice migrate` only");
        }
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(Connections.forMigrations(address))
                .locations("classpath:" + LOCATION)
                .failOnMissingLocations(true)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .table("schema_history")
                .lockRetryCount(LOCK_TRIES)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }

    /**
     * What {@link #run} would run, as a script for one transaction; empty when the schema is current. Writes nothing. Keeps
     * Flyway's history as Flyway would, so that {@link #run} finds the versions applied.
     *
     * @throws InfrastructureException NOT_PERMITTED when the schema is older than this program and the user may not read its
     *     history, CONFIG when it is newer
     */
    List<String> script() {
        SchemaState state = state();
        return switch (state) {
            case CURRENT -> List.of();
            case AHEAD -> throw new InfrastructureException(Kind.CONFIG, state.explanation());
            case MISSING, BEHIND -> pending(state);
        };
    }

    private List<String> pending(SchemaState state) {
        try {
            MigrationInfo[] pending = flyway().info().pending();
            List<String> statements =
                    new ArrayList<>(state == SchemaState.MISSING ? FlywayHistory.creation() : List.of());
            for (MigrationInfo migration : pending) {
                statements.add("-- " + migration.getScript() + "\n" + text(migration));
                statements.add(FlywayHistory.record(migration));
            }
            return statements;
        } catch (FlywayException e) {
            throw translate(e);
        }
    }

    // Flyway runs a migration on a path that begins with the schema.
    private static String text(MigrationInfo migration) {
        String resource = LOCATION + "/" + migration.getScript();
        try (InputStream in = Migrations.class.getClassLoader().getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compares the schema's version, over a separate connection.
     *
     * @throws InfrastructureException NOT_PERMITTED when the user may not read it, TRANSIENT when it is unavailable
     */
    public SchemaState state() {
        return Connections.once(address, "read the schema's version", Migrations::state);
    }

    /** @throws InfrastructureException CONFIG when schema {@code sluice} is not current */
    public static void requireCurrent(Connection connection) throws SQLException {
        SchemaState state = state(connection);
        if (state != SchemaState.CURRENT) {
            throw new InfrastructureException(Kind.CONFIG, state.explanation());
        }
    }

    public static SchemaState state(Connection connection) throws SQLException {
        return switch (Query.of(connection, ACCESS).text()) {
            case "missing" -> SchemaState.MISSING;
            case "old" -> SchemaState.BEHIND; // older than the function
            case "denied" ->
                throw new InfrastructureException(
                        Kind.NOT_PERMITTED,
                        "the login lacks EXECUTE on sluice.schema_version; `sluice migrate --roles` grants it to the roles"
                                + " of docs/roles.md");
            default ->
                SchemaState.of(
                        Query.of(connection, "SELECT sluice.schema_version()").number());
        };
    }

    // Flyway's messages quote SQL and URLs; only the SQLSTATE of its cause is reported.
    private InfrastructureException translate(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return DatabaseFailures.translate(address, "migrate schema sluice", sql);
            }
        }
        if (failure.getErrorCode() == CoreErrorCode.ERROR) {
            Optional<String> holder = lockHolder();
            if (holder.isPresent()) {
                return new InfrastructureException(Kind.TRANSIENT, "could not migrate schema sluice: " + holder.get());
            }
        }
        return new InfrastructureException(
                Kind.CONFIG,
                "could not migrate schema sluice: Flyway refused with " + failure.getErrorCode()
                        + "; something other than `sluice migrate` changed the schema or its history");
    }

    private Optional<String> lockHolder() {
        try {
            return Connections.once(
                    address, "look for the holder of a lock", connection -> Query.of(connection, LOCK_HOLDER)
                            .first(row -> "another session, process " + row.getInt(1) + " of login " + row.getString(2)
                                    + ", holds Flyway's advisory lock; try again when it has ended, or terminate it"
                                    + " (pg_terminate_backend) if it is not a migration"));
        } catch (InfrastructureException e) {
            return Optional.empty(); // the first failure is the one to report
        }
    }
}
