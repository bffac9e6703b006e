package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.Finding;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Pipelines;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationScriptIT {

    private static final String HISTORY =
            "SELECT concat_ws('|', installed_rank, version, description, type, script, checksum, installed_by, success)"
                    + " FROM sluice.schema_history ORDER BY installed_rank";

    private static final String HISTORY_COLUMNS =
            "SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, atthasdef) FROM pg_attribute"
                    + " WHERE attrelid = 'sluice.schema_history'::regclass AND attnum > 0 ORDER BY attnum";

    private static final String GRANTS =
            "SELECT * FROM (SELECT relname || ' ' || coalesce(relacl::text, '') FROM pg_class WHERE relnamespace ="
                    + " 'sluice'::regnamespace OR relname = 'events' UNION ALL SELECT proname || ' ' ||"
                    + " coalesce(proacl::text, '') FROM pg_proc WHERE pronamespace = 'sluice'::regnamespace) AS granted"
                    + " ORDER BY 1";

    private final PipelineSpec spec = Pipelines.of(List.of(
            Pipelines.column("name", new ColumnType.Varchar(8), false),
            Pipelines.column("number", ColumnType.Simple.INTEGER, true),
            Pipelines.column("amount", new ColumnType.Numeric(6, 2), false),
            Pipelines.column("day", ColumnType.Simple.DATE, false)));

    @Test
    void leavesADatabaseAsMigrateWouldWhenSomebodyElseRunsIt() {
        TestDatabase byHand = TestDatabase.create();
        TestDatabase migrated = TestDatabase.migrated();

        byHand.execute(script(byHand, spec, "day", false));

        assertThat(byHand.query(HISTORY)).isEqualTo(migrated.query(HISTORY));
        assertThat(byHand.query(HISTORY_COLUMNS)).isEqualTo(migrated.query(HISTORY_COLUMNS));
        assertThat(new Migrations(byHand.address()).run()).isZero();
        try (Database database = byHand.open()) {
            assertThat(new TargetTable(spec).createIfMissing(database, "day")).isFalse();
            assertThat(new TargetTable(spec).differences(database)).isEmpty();
        }
        assertThat(script(byHand, spec, null, false))
                .contains("-- Schema sluice: nothing to do", "-- Table events: nothing to do")
                .doesNotContain("CREATE", "ALTER");
    }

    @Test
    void writesNothingAndNeedsNoRightToWrite() {
        TestDatabase database = TestDatabase.create();
        String role = "looker_" + database.address().database();
        database.execute(
                "CREATE ROLE " + role + " LOGIN; ALTER ROLE " + role + " SET default_transaction_read_only = on");

        assertThat(MigrationScript.of(database.as(role), spec, null, false, true))
                .contains("CREATE SCHEMA sluice;", "CREATE TABLE IF NOT EXISTS \"public\".\"events\"", "-- Roles: ");

        assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'sluice'"))
                .isEmpty();
    }

    @Test
    void grantsWhatMigrateGrants() {
        TestDatabase byHand = withTable();
        TestDatabase migrated = withTable();
        try (Database database = migrated.open()) {
            new Roles(spec).grant(database);
        }

        byHand.execute(MigrationScript.of(byHand.address(), spec, null, false, true));

        assertThat(byHand.query(GRANTS)).isEqualTo(migrated.query(GRANTS));
    }

    private TestDatabase withTable() {
        TestDatabase made = TestDatabase.migrated();
        try (Database database = made.open()) {
            new TargetTable(spec).createIfMissing(database, null);
        }
        return made;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name text, number int, amount numeric",
                "name varchar(3), number smallint, amount numeric(9,4), day date NOT NULL",
                "name text, number text, amount real, day text",
                "name text, other int, number int GENERATED ALWAYS AS (other) STORED, amount numeric, day date",
                "name text, number int, amount numeric, day date, extra text NOT NULL, \"Odd \"\"name\" int NOT NULL",
            })
    void printsTheStatementsThatBringATableInLineAndRunsNone(String columns) {
        TestDatabase testDatabase = TestDatabase.migrated();
        testDatabase.execute("CREATE TABLE events (" + columns + ")");
        try (Database database = testDatabase.open()) {
            TargetTable table = new TargetTable(spec);
            List<Finding> before = table.differences(database);
            assertThat(before).isNotEmpty();

            String script = script(testDatabase, spec, null, false);
            assertThat(script).contains("Not run by `sluice migrate`, which never alters a table.");
            testDatabase.execute(script);
            assertThat(table.differences(database)).isEqualTo(before);

            testDatabase.execute(statementsInComments(script));
            assertThat(table.differences(database)).isEmpty();
        }
    }

    private static String statementsInComments(String script) {
        return script.lines()
                .filter(line -> line.startsWith("--   "))
                .map(line -> line.substring(5))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void losesNoDigitOfANumericAlreadyThere() {
        TestDatabase testDatabase = TestDatabase.migrated();
        testDatabase.execute("CREATE TABLE events (name text, number int, amount numeric(7,5), day date);"
                + " INSERT INTO events (amount) VALUES (12.34567)");

        testDatabase.execute(statementsInComments(script(testDatabase, spec, null, false)));

        assertThat(testDatabase.query("SELECT amount FROM events")).containsExactly("12.34567");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "Shop \"2\"", "select"})
    void namesTheStatementForAMissingSchemaAndCreatesItWhenAsked(String schema) {
        TestDatabase testDatabase = TestDatabase.migrated();
        String quoted = '"' + schema.replace("\"", "\"\"") + '"';
        PipelineSpec inSchema =
                new PipelineSpec("p", "v", spec.source(), new PipelineSpec.Sink(schema, "events"), spec.columns());
        TargetTable table = new TargetTable(inSchema);
        try (Database database = testDatabase.open()) {
            assertThatThrownBy(() -> table.createIfMissing(database, null))
                    .hasMessageContaining("does not exist; `sluice migrate --create-schema` creates it, or run"
                            + " CREATE SCHEMA " + quoted);
            assertThatThrownBy(() -> script(testDatabase, inSchema, null, false))
                    .hasMessageContaining("CREATE SCHEMA " + quoted);
            assertThat(table.differences(database)).singleElement().satisfies(finding -> assertThat(finding.message())
                    .contains("sluice migrate --create-schema", "CREATE SCHEMA " + quoted));

            assertThat(script(testDatabase, inSchema, null, true)).contains("CREATE SCHEMA " + quoted + ";");
            assertThat(table.createSchemaIfMissing(database)).isTrue();
            assertThat(table.createSchemaIfMissing(database)).isFalse();
            assertThat(table.createIfMissing(database, null)).isTrue();
        }
    }

    private static String script(
            TestDatabase database, PipelineSpec spec, @Nullable String partitionBy, boolean createSchema) {
        DatabaseSettings address = database.address();
        return MigrationScript.of(address, spec, partitionBy, createSchema, false);
    }
}
