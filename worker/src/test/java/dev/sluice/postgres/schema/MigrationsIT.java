package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Database;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class MigrationsIT {

    private final TestDatabase database = TestDatabase.create();
    private final Migrations migrations = new Migrations(database.address());

    @Test
    void createsSchemaOnceAndTellsItsState() {
        assertThat(migrations.state()).isEqualTo(SchemaState.MISSING);
        assertThat(migrations.run()).isEqualTo(Migrations.EXPECTED_VERSION);
        assertThat(migrations.state()).isEqualTo(SchemaState.CURRENT);
        assertThat(migrations.run()).isZero();
        database.execute(
                "INSERT INTO sluice.schema_history SELECT 999, '999', description, type, script, checksum,"
                        + " installed_by, installed_on, execution_time, success FROM sluice.schema_history WHERE version = '1'");
        assertThat(migrations.state()).isEqualTo(SchemaState.AHEAD);
        database.execute("DELETE FROM sluice.schema_history WHERE version IS NOT NULL");
        assertThat(migrations.state()).isEqualTo(SchemaState.MISSING);
    }

    @Test
    void letsTwoMigrateAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> runs =
                    threads.invokeAll(List.of(migrations::run, () -> new Migrations(database.address()).run()));
            assertThat(runs.get(0).get() + runs.get(1).get()).isEqualTo(Migrations.EXPECTED_VERSION);
        }
        assertThat(migrations.state()).isEqualTo(SchemaState.CURRENT);
    }

    @Test
    void makesLedgerPartitionsThatAreMissing() {
        migrations.run();
        String ensure = "SELECT made FROM sluice.ledger_ensure(1, 1)";
        assertThat(database.query(ensure)).containsExactly("3");
        assertThat(database.query(ensure)).containsExactly("0");
        assertThat(database.query("SELECT made FROM sluice.ledger_ensure(0, 2)"))
                .containsExactly("1");
    }

    @Test
    void leavesDayToDefaultPartitionThatHoldsItsRows() {
        migrations.run();
        database.execute("INSERT INTO sluice.ledger VALUES (now(), gen_random_uuid(), 0)");
        assertThat(database.query("SELECT made || ' ' || complete FROM sluice.ledger_ensure(1, 1)"))
                .containsExactly("2 true");
        assertThat(database.count("sluice.ledger_default")).isOne();
    }

    @Test
    void makesLedgerPartitionsForTwoAtOnce() throws Exception {
        migrations.run();
        String ensure = "SELECT made FROM sluice.ledger_ensure(0, 6)";
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<List<String>>> made =
                    threads.invokeAll(List.of(() -> database.query(ensure), () -> database.query(ensure)));
            assertThat(List.of(made.get(0).get().getFirst(), made.get(1).get().getFirst()))
                    .containsExactlyInAnyOrder("0", "7");
        }
    }

    /** Whoever may create in the database may have made the schema first; Flyway would put it before pg_catalog's names. */
    @Test
    void runsNothingInSchemaOfAnotherUser() {
        String other = "maker_" + database.address().database();
        database.administrator()
                .execute("CREATE ROLE " + other + " NOSUPERUSER; CREATE SCHEMA sluice AUTHORIZATION " + other);
        assertThatThrownBy(migrations::run)
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_PERMITTED))
                .hasMessageContaining("schema sluice belongs to " + other);
        assertThat(database.query("SELECT 1 FROM pg_class WHERE relnamespace = 'sluice'::regnamespace"))
                .isEmpty();
    }

    @Test
    void takesTheQuarantinesSequencePastIdsThatWereInsertedBeforeTheirTurn() {
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(Connections.forMigrations(database.address()))
                .locations("classpath:" + Migrations.LOCATION)
                .schemas("sluice")
                .defaultSchema("sluice")
                .table("schema_history")
                .placeholderReplacement(false)
                .target("12")
                .load()
                .migrate();
        String columns =
                "pipeline, pipeline_version, reason, sent_at, message_id, record_index, receive_count, original,"
                        + " original_form";
        String values = "'p', 'v', 'r', now(), 'm', 0, 1, ''::bytea, 'body'";
        database.execute("INSERT INTO sluice.quarantine (id, " + columns + ") OVERRIDING SYSTEM VALUE SELECT id, "
                + values + " FROM generate_series(1, 50) AS id UNION ALL SELECT 9223372036854775807, " + values);
        migrations.run();
        database.execute("INSERT INTO sluice.quarantine (" + columns + ") VALUES (" + values + ")");
        assertThat(database.query("SELECT id FROM sluice.quarantine ORDER BY id OFFSET 50"))
                .containsExactly("51", "9223372036854775807");
        migrations.run();
    }

    @Test
    void tellsServerThatIsNotThere() {
        DatabaseSettings stopped = TestSettings.database("postgresql://u@127.0.0.1:1/x");
        assertThatThrownBy(() -> Database.open(stopped, 1)).satisfies(MigrationsIT::isTransient);
        assertThatThrownBy(() -> new Migrations(stopped).state()).satisfies(MigrationsIT::isTransient);
        assertThatThrownBy(() -> new Migrations(stopped).run()).satisfies(MigrationsIT::isTransient);
    }

    private static void isTransient(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.TRANSIENT));
        assertThat(failure).hasNoCause();
    }
}
