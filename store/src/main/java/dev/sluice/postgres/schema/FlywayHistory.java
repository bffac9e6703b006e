package dev.sluice.postgres.schema;

import java.util.List;
import org.flywaydb.core.api.MigrationInfo;

/** The statements by which Flyway keeps its history, for a script that somebody else runs. A test compares the results. */
final class FlywayHistory {

    private static final String INSERT = "INSERT INTO sluice.schema_history"
            + " (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)\nVALUES (";

    private FlywayHistory() {}

    /** Schema and history; the first row says that Flyway created the schema. */
    static List<String> creation() {
        return List.of(
                "CREATE SCHEMA sluice",
                """
                CREATE TABLE sluice.schema_history (
                    installed_rank integer NOT NULL CONSTRAINT schema_history_pk PRIMARY KEY,
                    version varchar(50),
                    description varchar(200) NOT NULL,
                    type varchar(20) NOT NULL,
                    script varchar(1000) NOT NULL,
                    checksum integer,
                    installed_by varchar(100) NOT NULL,
                    installed_on timestamp NOT NULL DEFAULT now(),
                    execution_time integer NOT NULL,
                    success boolean NOT NULL)""",
                "CREATE INDEX schema_history_s_idx ON sluice.schema_history (success)",
                INSERT
                        + "0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '\"sluice\"', NULL, current_user, 0, true)");
    }

    /** The row of a migration that has just been applied. */
    static String record(MigrationInfo migration) {
        return INSERT + "(SELECT coalesce(max(installed_rank), 0) + 1 FROM sluice.schema_history), "
                + literal(String.valueOf(migration.getVersion())) + ", " + literal(migration.getDescription())
                + ", 'SQL', "
                + literal(migration.getScript()) + ", " + migration.getChecksum() + ", current_user, 0, true)";
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
