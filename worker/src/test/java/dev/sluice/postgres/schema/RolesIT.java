package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Pipelines;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import org.junit.jupiter.api.Test;

/** Making the roles; what they can and can not do is tried in {@code dev.sluice.cli.RolePermissionsIT}, by logins. */
class RolesIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20));

    /** On a server of its own: roles are common to a server's databases. */
    @Test
    void createsRolesForUserWhoMayAndTellsWhoMayNot() {
        try (PostgresServer server = PostgresServer.start()) {
            createsRolesForUserWhoMayAndTellsWhoMayNot(new TestDatabase(server, server.createDatabase()));
        }
    }

    private void createsRolesForUserWhoMayAndTellsWhoMayNot(TestDatabase testDatabase) {
        String database = testDatabase.address().database();
        testDatabase.execute("CREATE ROLE plain_owner LOGIN; GRANT CREATE ON DATABASE " + database
                + " TO plain_owner; GRANT CREATE ON SCHEMA public TO plain_owner");
        new Migrations(testDatabase.as("plain_owner")).run();
        try (Database asOwner = Database.open(testDatabase.as("plain_owner"), 1)) {
            new TargetTable(spec).createIfMissing(asOwner, null);
            Roles roles = new Roles(spec);
            assertThatThrownBy(() -> roles.grant(asOwner))
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.NOT_PERMITTED))
                    .hasMessageContaining("CREATE ROLE sluice_writer NOLOGIN");
            testDatabase.execute("CREATE ROLE sluice_writer NOLOGIN; ALTER ROLE plain_owner CREATEROLE");
            assertThat(roles.grant(asOwner)).containsExactly(Roles.ANALYST, Roles.RECOVERY, Roles.OPERATOR);
            assertThat(roles.grant(asOwner)).isEmpty();
            testDatabase.execute("ALTER ROLE plain_owner NOCREATEROLE");
            assertThat(roles.grant(asOwner)).isEmpty();
        }
    }

    /** Functions and tables of versions to come get their grants by their names. */
    @Test
    void opensSchemaOfTargetAndGrantsByName() {
        TestDatabase testDatabase = TestDatabase.migrated();
        testDatabase.execute("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.events (c0 varchar(20));"
                + "CREATE TABLE sluice.rewrap_progress (i integer); CREATE TABLE sluice.rewind (i integer);"
                + "CREATE TABLE public.events (c0 varchar(20))");
        PipelineSpec inSchema =
                new PipelineSpec("p", "v", spec.source(), new PipelineSpec.Sink("elsewhere", "events"), spec.columns());
        try (Database database = testDatabase.open()) {
            new Roles(inSchema).grant(database);
        }
        assertThat(
                        testDatabase.query(
                                "SELECT role || ' ' || has_schema_privilege(role, 'elsewhere', 'USAGE')"
                                        + " || ' ' || has_table_privilege(role, 'elsewhere.events', 'SELECT')"
                                        + " || ' ' || has_table_privilege(role, 'sluice.rewrap_progress', 'UPDATE')"
                                        + " || ' ' || has_table_privilege(role, 'sluice.rewind', 'SELECT')"
                                        + " || ' ' || has_function_privilege(role, 'sluice.recovery_approve(text, text, bigint)', 'EXECUTE')"
                                        + " || ' ' || has_table_privilege(role, 'public.events', 'SELECT')"
                                        + " FROM unnest(ARRAY['sluice_writer', 'sluice_analyst', 'sluice_recovery', 'sluice_operator']) AS role"))
                .containsExactly(
                        "sluice_writer true false false false false false",
                        "sluice_analyst true true false false false false",
                        "sluice_recovery true true false false true false",
                        "sluice_operator true true true false false false");
    }
}
