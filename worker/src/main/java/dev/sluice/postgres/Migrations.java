package dev.sluice.postgres;

import dev.sluice.pipeline.InfrastructureException;
import dev.sluice.pipeline.InfrastructureException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
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

    private final DatabaseAddress address;

    /** @param address with a user who owns, or may create, schema {@code sluice}; to ask for the state, who may call sluice.schema_version */
    public Migrations(DatabaseAddress address) {
        this.address = address;
    }

    /**
     * Brings the schema to the version this program expects. Blocks until done, or until another migration has ended.
     *
     * @return how many versions were applied; 0 when it was current
     * @throws InfrastructureException NOT_PERMITTED without the right to create, CONFIG when the schema was made by other
     *     means or its history was changed, TRANSIENT when the database is away
     */
    public int run() {
        Flyway flyway = flyway();
        try {
            return flyway.migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw translate(e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(Connections.forMaintenance(address))
                .locations("classpath:" + LOCATION)
                .failOnMissingLocations(true)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .table(HISTORY)
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

    static State state(Connection connection) throws SQLException {
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
    private static InfrastructureException translate(FlywayException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return DatabaseFailures.translate("migrate schema sluice", sql);
            }
        }
        return new InfrastructureException(
                Kind.CONFIG,
                "could not migrate schema sluice: Flyway refused with " + failure.getErrorCode()
                        + "; the schema or its history was changed by other means than `sluice migrate`");
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
