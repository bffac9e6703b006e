package dev.sluice.postgres.schema;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.DatabaseFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;

/**
 * The versions of schema {@code sluice}, where all tables but the target live. {@code sluice migrate} runs them; a run asks
 * for the {@link #state()} and refuses to start on anything but {@link State#CURRENT}. Thread-safe: Flyway's lock lets
 * two migrate at once, one after the other.
 */
public final class Migrations {

    /** The newest file under {@code migrations/}; a test holds the two together. */
    static final int EXPECTED_VERSION = 16;

    static final String LOCATION = "dev/sluice/postgres/migrations";

    private static final String SCHEMA = "sluice";
    private static final String HISTORY = "schema_history";

    /** One a second: other migrations end sooner, and a lock that a stranger holds is reported within reason. */
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

    /** Who owns the schema, when that is neither this user nor a superuser. */
    private static final String STRANGE_OWNER =
            """
            SELECT rolname FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner
            WHERE nspname = 'sluice' AND rolname <> current_user AND NOT rolsuper
            """;

    private final DatabaseSettings address;

    /** @param address with a user who owns, or may create, schema {@code sluice}; to ask for the state, who may call sluice.schema_version */
    public Migrations(DatabaseSettings address) {
        this.address = address;
    }

    /**
     * Brings the schema to the version this program expects. Blocks until done; waits for about ten seconds for another
     * migration to end.
     *
     * @return how many versions were applied; 0 when it was current
     * @throws InfrastructureException NOT_PERMITTED without the right to create or when another user owns the schema,
     *     CONFIG when it was made by other means or its history was changed, TRANSIENT when the database is away or another session
     *     holds the lock
     */
    public int run() {
        requireOwnSchema();
        Flyway flyway = flyway();
        try {
            return flyway.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw translate(e);
        }
    }

    /** Flyway puts the schema before all others on its path: what its owner makes there would run as this user. */
    private void requireOwnSchema() {
        try (Connection connection = Connections.single(address);
                Statement statement = connection.createStatement();
                ResultSet owner = statement.executeQuery(STRANGE_OWNER)) {
            if (owner.next()) {
                throw new InfrastructureException(
                        Kind.NOT_PERMITTED,
                        "schema sluice belongs to " + owner.getString(1) + "; migrate as that user, or, if it is not"
                                + " meant to be there, have it dropped");
            }
        } catch (SQLException e) {
            throw DatabaseFailures.translate("look at the owner of schema sluice", e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(Connections.forMigrations(address))
                .locations("classpath:" + LOCATION)
                .failOnMissingLocations(true)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .table(HISTORY)
                .lockRetryCount(LOCK_TRIES)
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .loggers("slf4j")
                .load();
    }

    /**
     * Asks for the schema's version: four short queries on a connection of its own.
     *
     * @throws InfrastructureException NOT_PERMITTED when the user may not ask for it, TRANSIENT when the database is
     *     away
     */
    public State state() {
        try (Connection connection = Connections.single(address)) {
            return state(connection);
        } catch (SQLException e) {
            throw DatabaseFailures.translate("read the schema's version", e);
        }
    }

    public static State state(Connection connection) throws SQLException {
        if (!holds(connection, "SELECT to_regclass('sluice.schema_history') IS NOT NULL")) {
            return State.MISSING;
        }
        if (!holds(connection, "SELECT to_regprocedure('sluice.schema_version()') IS NOT NULL")) {
            return State.BEHIND; // than the function
        }
        if (!holds(connection, "SELECT has_function_privilege('sluice.schema_version()', 'EXECUTE')")) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "the login lacks EXECUTE on sluice.schema_version; `sluice migrate --roles` grants it to the roles of"
                            + " docs/roles.md");
        }
        try (Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SELECT sluice.schema_version()")) {
            version.next();
            return State.of(version.getInt(1));
        }
    }

    private static boolean holds(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    // Flyway's messages quote SQL and URLs; its cause tells the SQLSTATE, which is all that is passed on.
    private InfrastructureException translate(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return DatabaseFailures.translate("migrate schema sluice", sql);
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
                        + "; the schema or its history was changed by other means than `sluice migrate`");
    }

    private Optional<String> lockHolder() {
        try (Connection connection = Connections.single(address);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(LOCK_HOLDER)) {
            return found.next()
                    ? Optional.of("another session, process " + found.getInt(1) + " of login " + found.getString(2)
                            + ", holds Flyway's advisory lock; call again when it has ended, or have it ended"
                            + " (pg_terminate_backend) if it is no migration")
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty(); // the first failure is the one to report
        }
    }

    /** How the schema stands to what this program expects. */
    public enum State {
        /** Never migrated. */
        MISSING,
        /** Older than expected: run {@code sluice migrate}. */
        BEHIND,
        /** As expected. */
        CURRENT,
        /** Newer than expected: an older program meets a schema of a newer one; deploy the newer. */
        AHEAD;

        /** What it means and what to do, in a sentence. */
        public String explanation() {
            return switch (this) {
                case MISSING -> "schema sluice does not exist in the database; run `sluice migrate`";
                case BEHIND -> "schema sluice is older than this program; run `sluice migrate`";
                case CURRENT -> "schema sluice is at version " + EXPECTED_VERSION;
                case AHEAD -> "schema sluice is newer than this program; deploy the newer program";
            };
        }

        static State of(int version) {
            if (version == 0) {
                return MISSING;
            }
            if (version < EXPECTED_VERSION) {
                return BEHIND;
            }
            return version == EXPECTED_VERSION ? CURRENT : AHEAD;
        }
    }
}
