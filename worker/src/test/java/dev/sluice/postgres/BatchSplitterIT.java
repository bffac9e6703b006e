package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.places;
import static dev.sluice.postgres.Batches.record;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fault matrix, row 35, as the sink sees it. */
class BatchSplitterIT {

    private static final int BAD = 7;

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();

    @AfterEach
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 99})
    void storesNeighboursAndPostponesTheCulprit(int place) {
        PostgresSink sink = sink(spec, "BEFORE", "NEW.c1 = 7");
        List<MappedRecord> batch = rows(numbers(100, BAD, place));
        assertThat(places(sink.store(batch), Settlement.DEFERRED)).containsExactly(place);
        assertThat(testDatabase.count("events")).isEqualTo(99);
        assertThat(testDatabase.count("sluice.ledger")).isEqualTo(99);
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
    }

    /** The server says at which row it was only to BEFORE triggers; AFTER triggers fire when all rows are there. */
    @Test
    void findsManyCulpritsWhereTheServerTellsNoPlace() {
        PostgresSink sink = sink(spec, "AFTER", "NEW.c1 = 7");
        assertThat(places(sink.store(rows(numbers(200, BAD, 1, 2, 3, 100, 199))), Settlement.DEFERRED))
                .containsExactly(1, 2, 3, 100, 199);
        assertThat(testDatabase.count("events")).isEqualTo(195);
    }

    @Test
    void quarantinesTheCulpritFromItsThirdReceiveOn() {
        PostgresSink sink = sink(spec, "BEFORE", "NEW.c1 = 7");
        assertThat(sink.store(List.of(bad("a", 2)))).containsExactly(Settlement.DEFERRED);
        assertThat(sink.store(List.of(bad("a", 3)))).containsExactly(Settlement.QUARANTINED);
        assertThat(sink.store(List.of(bad("a", 4)))).containsExactly(Settlement.DUPLICATE);
        assertThat(testDatabase.query("SELECT concat_ws(' ', reason, sqlstate, message_id) FROM sluice.quarantine"))
                .containsExactly("refused-by-database XX000 a");
    }

    @Test
    void waitsWhileEverythingFailsAndNamesTheTrigger() {
        PostgresSink sink = sink(spec, "BEFORE", "true");
        List<MappedRecord> batch =
                IntStream.range(0, 30).mapToObj(i -> bad("m" + i, 3)).toList();
        assertThatThrownBy(() -> sink.store(batch))
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .message()
                .contains("XX000", "fails on public.events");
        assertThat(testDatabase.count("sluice.ledger")).isZero();
        testDatabase.execute("DROP TRIGGER fails ON events");
        assertThat(sink.store(batch)).containsOnly(Settlement.STORED);
    }

    /** The trigger fails the first eight statements with a row, then no more: the table is mended in the midst of it. */
    @Test
    void storesEverythingWhenTableIsMendedMeanwhile() {
        testDatabase.execute("CREATE SEQUENCE tries");
        PostgresSink sink = sink(spec, "BEFORE", "nextval('tries') <= 8");
        assertThat(sink.store(rows(numbers(30, 0)))).containsOnly(Settlement.STORED);
    }

    @Test
    void blamesFifteenNextToEachOtherWhileOthersGoThrough() {
        PostgresSink sink = sink(spec, "BEFORE", "NEW.c1 = 7");
        int[] culprits = IntStream.range(0, 15).toArray();
        assertThat(places(sink.store(rows(numbers(300, BAD, culprits))), Settlement.DEFERRED))
                .hasSize(15);
        // The last receives bring nothing but culprits, each alone.
        for (int place : culprits) {
            assertThat(sink.store(List.of(bad("m" + place, 3)))).containsExactly(Settlement.QUARANTINED);
        }
    }

    @Test
    void leavesTheCulpritsMessageWholeToTheQueue() {
        PipelineSpec leaving = new PipelineSpec(
                spec.name(),
                spec.version(),
                spec.source(),
                new PipelineSpec.Sink(null, "events", PipelineSpec.Rejects.DLQ, PipelineSpec.RowsTakenByTrigger.REFUSE),
                spec.columns());
        PostgresSink sink = sink(leaving, "BEFORE", "NEW.c1 = 7");
        MappedRecord first = record("a", 5, TestOutcomes.row("row", 1));
        MappedRecord second = new MappedRecord(first.message(), 1, TestOutcomes.row("row", BAD));
        assertThat(sink.store(List.of(first, second, record("b", 1, TestOutcomes.row("row", 2)))))
                .containsExactly(Settlement.DEFERRED, Settlement.DEFERRED, Settlement.STORED);
        assertThat(testDatabase.query("SELECT c1 FROM events")).containsExactly("2");
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
    }

    /** Three waits for a lock of 10 s each, and one more for another row. */
    @Test
    @Tag("chaos")
    void waitsWhileTableIsLocked() throws SQLException {
        PostgresSink sink = sink(spec, "BEFORE", "false");
        List<MappedRecord> batch = rows(numbers(100, 0));
        try (Connection other = DriverManager.getConnection(PostgresServer.jdbcUrl(testDatabase.url()));
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE public.events IN ACCESS EXCLUSIVE MODE");
            assertThatThrownBy(() -> sink.store(batch))
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.TRANSIENT))
                    .hasMessageContaining("55P03");
            other.rollback();
        }
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
        assertThat(sink.store(batch)).containsOnly(Settlement.STORED);
    }

    private PostgresSink sink(PipelineSpec pipeline, String when, String which) {
        new TargetTable(pipeline).createIfMissing(database, null);
        testDatabase.execute("CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + which
                + " THEN RAISE 'canary' USING ERRCODE = 'XX000'; END IF; RETURN NEW; END $$; CREATE TRIGGER fails "
                + when + " INSERT ON events FOR EACH ROW EXECUTE FUNCTION fails()");
        return PostgresSink.open(database, pipeline, Duration.ofDays(14));
    }

    private static MappedRecord bad(String id, int receiveCount) {
        return record(id, receiveCount, TestOutcomes.row("row", BAD));
    }
}
