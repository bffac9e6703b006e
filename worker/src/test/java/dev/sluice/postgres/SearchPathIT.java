package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.message;
import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.places;
import static dev.sluice.postgres.Batches.record;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.HostilePublic;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker says to the database, where a stranger has filled {@code public} and it stands first on the path. */
class SearchPathIT {

    private static final Duration RETENTION = Duration.ofDays(4);
    private static final int REFUSED = 7;

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final HostilePublic hostile;
    private final Database database;

    SearchPathIT() {
        // As a table has it that its owner made with triggers of his own: their names are found on the role's path.
        testDatabase.execute("CREATE TABLE events (c0 varchar(20), c1 integer CONSTRAINT no_seven CHECK (c1 <> 7));"
                + "CREATE TABLE journal (i integer); CREATE TABLE late_journal (i integer)");
        trigger("journal", "CREATE TRIGGER journal AFTER INSERT ON events");
        trigger("late_journal", "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED");
        hostile = HostilePublic.in(testDatabase.sql());
        database = testDatabase.open();
    }

    private void trigger(String journal, String trigger) {
        testDatabase.execute("CREATE FUNCTION note_in_" + journal + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO " + journal + " VALUES (NEW.c1); RETURN NULL; END $$; " + trigger
                + " FOR EACH ROW EXECUTE FUNCTION note_in_" + journal + "()");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void worksThroughItsWholeLifeWithoutCallingWhatAStrangerMade() {
        try (PostgresSink sink = open(spec)) {
            assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
            assertThat(sink.store(redelivered())).containsOnly(Settlement.DUPLICATE);
            assertThat(places(sink.store(refused()), Settlement.QUARANTINED)).containsExactly(0, 2);
            sink.probe();
        }
        AttemptTable attempts = new AttemptTable(database);
        attempts.begin(List.of(message("a", 2)));
        attempts.beginAlone(message("a", 2));
        attempts.end(List.of(message("a", 2)));
        PartitionMaintenance maintenance = maintenance();
        assertThat(maintenance.makePartitions()).isEmpty();
        assertThat(maintenance.prune(() -> false)).isEmpty();
        hostile.requireUncalled();
    }

    /** Two kinds: within the statement, and at COMMIT. */
    @Test
    void leavesTheRolesPathToTheTablesOwnTriggers() {
        try (PostgresSink sink = open(spec)) {
            sink.store(rows(numbers(3, 0)));
            sink.store(refused());
        }
        assertThat(testDatabase.count("journal")).isEqualTo(4);
        assertThat(testDatabase.count("late_journal")).isEqualTo(4);
    }

    @Test
    void takesTheFirstTableOnTheRolesPathAndNoTemporaryOne() {
        testDatabase.execute("CREATE SCHEMA first; CREATE SCHEMA second; CREATE TABLE second.found (c0 varchar(20));"
                + "DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = pg_temp, absent, sluice,"
                + " first, second', pg_catalog.current_database()); END $$");
        try (Database searching = testDatabase.open()) {
            assertThat(searching.located(new PipelineSpec.Sink(null, "found")).foundIn())
                    .isEqualTo("second");
            assertThat(searching.located(new PipelineSpec.Sink(null, "ledger")).foundIn())
                    .isEqualTo("first");
            assertThat(searching
                            .located(new PipelineSpec.Sink("elsewhere", "found"))
                            .foundIn())
                    .isNull();
            assertThat(new TargetTable(spec).createIfMissing(searching, null)).isTrue();
        }
        assertThat(testDatabase.query("SELECT 1 WHERE to_regclass('first.events') IS NOT NULL"))
                .hasSize(1);
    }

    @Test
    void saysWhatIsMissingWhereThePathHasNoSchema() {
        testDatabase.execute("DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = absent',"
                + " pg_catalog.current_database()); END $$");
        try (Database searching = testDatabase.open()) {
            assertThatThrownBy(() -> new TargetTable(spec).createIfMissing(searching, null))
                    .hasMessageContaining("sink.table: schema.table");
        }
    }

    private PostgresSink open(PipelineSpec of) {
        return PostgresSink.open(database, of, RETENTION);
    }

    private PartitionMaintenance maintenance() {
        return new PartitionMaintenance(database, new MessageLedger(6), spec.sink(), PartitionMaintenance::today);
    }

    private static List<MappedRecord> redelivered() {
        return rows(numbers(3, 0)).stream()
                .map(first -> record(first.message().id(), 2, first.outcome()))
                .toList();
    }

    private static List<MappedRecord> refused() {
        return List.of(
                record("bad", 1, TestOutcomes.row("row", REFUSED)),
                record("good", 1, TestOutcomes.row("row", 8)),
                record("none", 1, TestOutcomes.rejection(Reason.NOT_JSON, null, "x", "events|none")));
    }
}
