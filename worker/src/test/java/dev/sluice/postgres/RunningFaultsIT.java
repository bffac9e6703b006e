package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault matrix, rows 19 to 22, as the sink sees them: which faults are tried again, and what opens the circuit. */
class RunningFaultsIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final PostgresSink sink;

    RunningFaultsIT() {
        new TargetTable(spec).createIfMissing(database, null);
        sink = PostgresSink.open(database, spec, Duration.ofDays(14));
    }

    @AfterEach
    void close() {
        sink.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "57014"})
    void runsTransactionAgainThatFellVictimToOthers(String state) {
        raise(state, 2);
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        assertThat(testDatabase.count("events")).isEqualTo(3);
        assertThat(tries()).isEqualTo(3);
    }

    @Test
    void postponesRecordsThatFallVictimAtEachOfManyTries() {
        raise("40001", 1_000);
        assertThat(sink.store(rows(numbers(2, 0)))).containsOnly(Settlement.DEFERRED);
        assertThat(tries()).isEqualTo(5 * 4);
        assertNothingStored();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "57P01", "57P03", "25006", "53100", "53200", "53300", "58030", "28P01", "3D000", "22P03",
                "2200H"
            })
    void opensCircuitOnFaultAndNeverQuarantines(String state) {
        raise(state, 1);
        assertPassing(() -> sink.store(rows(numbers(3, 0))), state);
        assertThat(tries()).isOne();
        assertNothingStored();
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42501", "42703", "XX000", "0A000", "21000", "44000", "55000"})
    void triesOnceMoreWhenFailureIsUnexplainedAndDatabaseAnswers(String state) {
        raise(state, 1);
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        assertThat(tries()).isEqualTo(2);
    }

    @Test
    void waitsWhileTableDoesNotFitAndWritesItsNewTypesAfterwards() {
        testDatabase.execute("ALTER TABLE events ALTER c1 TYPE text");
        assertPassing(() -> sink.store(rows(numbers(3, 0))), "");
        assertPassing(sink::probe, "c1");
        testDatabase.execute("ALTER TABLE events ALTER c1 TYPE bigint USING c1::bigint");
        assertPassing(() -> sink.store(rows(numbers(3, 0))), "");
        sink.probe();
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        assertThat(testDatabase.query("SELECT c1 FROM events ORDER BY 1")).containsExactly("100", "101", "102");
    }

    @Test
    void waitsWhileTableOrColumnIsGone() {
        testDatabase.execute("ALTER TABLE events RENAME TO elsewhere");
        assertPassing(() -> sink.store(rows(numbers(3, 0))), "does not exist");
        assertPassing(sink::probe, "does not exist");
        testDatabase.execute("ALTER TABLE elsewhere RENAME TO events; ALTER TABLE events RENAME c1 TO c2");
        assertPassing(() -> sink.store(rows(numbers(3, 0))), "column c1");
        assertPassing(sink::probe, "c1");
        testDatabase.execute("ALTER TABLE events RENAME c2 TO c1");
        sink.probe();
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
    }

    @Test
    void waitsWhileGrantIsMissing() {
        String role = "writer_" + testDatabase.address().database();
        testDatabase.execute("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA sluice TO " + role
                + "; GRANT INSERT ON sluice.ledger, sluice.ledger_by_key TO "
                + role + "; GRANT INSERT ON sluice.quarantine, events TO " + role
                + "; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sluice TO " + role);
        try (Database asWriter = Database.open(testDatabase.as(role), 1);
                PostgresSink writer = PostgresSink.open(asWriter, spec, Duration.ofDays(14))) {
            testDatabase.execute("REVOKE INSERT ON sluice.ledger FROM " + role);
            assertPassing(() -> writer.store(rows(numbers(3, 0))), "INSERT on sluice.ledger");
            assertPassing(writer::probe, "INSERT on sluice.ledger");
            testDatabase.execute("GRANT INSERT ON sluice.ledger TO " + role);
            writer.probe();
            assertThat(writer.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        }
    }

    private static void assertPassing(ThrowingCallable call, String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .hasMessageContaining(hint)
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    private void assertNothingStored() {
        assertThat(testDatabase.count("events")).isZero();
        assertThat(testDatabase.count("sluice.ledger")).isZero();
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
    }

    /** Each of the first so many statements on the table fails so; a sequence is not rolled back. */
    private void raise(String state, int times) {
        testDatabase.execute("CREATE SEQUENCE tries; CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN IF nextval('tries') <= " + times + " THEN RAISE 'canary' USING ERRCODE = '" + state
                + "'; END IF; RETURN NULL; END $$;"
                + " CREATE TRIGGER fail BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION fail()");
    }

    private long tries() {
        return Long.parseLong(testDatabase.query("SELECT last_value FROM tries").getFirst());
    }
}
