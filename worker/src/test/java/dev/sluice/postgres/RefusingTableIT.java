package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.places;
import static dev.sluice.postgres.Batches.record;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault matrix, rows 29 and 30, as the sink sees them: a row is blamed only if others go through. */
class RefusingTableIT {

    private static final int BAD = 7;

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void quarantinesFewRowsThatAreDroppedThoughNoOtherIsThere() {
        PostgresSink sink = sinkThatDrops("NEW.c1 = 7");
        assertThat(sink.store(rows(BAD, BAD, BAD))).containsOnly(Settlement.QUARANTINED);
        assertThat(quarantined()).containsExactly("3 dropped-by-table null");
        assertThat(testDatabase.count("sluice.ledger")).isEqualTo(3);
    }

    @Test
    void quarantinesManyNextToEachOtherWhileOthersGoThrough() {
        PostgresSink sink = sinkThatDrops("NEW.c1 = 7");
        int[] culprits = IntStream.range(0, 15).toArray();
        assertThat(places(sink.store(rows(numbers(1_000, BAD, culprits))), Settlement.QUARANTINED))
                .hasSize(15);
        assertThat(testDatabase.count("events")).isEqualTo(985);
    }

    @Test
    void waitsWhileTableDropsEverythingAndNamesTheTrigger() {
        PostgresSink sink = sinkThatDrops("true");
        List<MappedRecord> batch = rows(numbers(1_000, BAD));
        assertWaits(() -> sink.store(batch), "dropped without an error", "its triggers are drops on public.events");
        testDatabase.execute("DROP TRIGGER drops ON events");
        sink.probe();
        assertThat(sink.store(batch)).containsOnly(Settlement.STORED);
    }

    @Test
    void countsOverBatchesUntilOneGoesThrough() {
        PostgresSink sink = sinkThatDrops("NEW.c1 = 7");
        for (int i = 0; i < 9; i++) {
            assertThat(sink.store(List.of(bad("bad" + i)))).containsExactly(Settlement.QUARANTINED);
        }
        assertWaits(() -> sink.store(List.of(bad("tenth"))), "drops");
        sink.store(List.of(record("good", 1, TestOutcomes.row("row", 1))));
        assertThat(sink.store(List.of(bad("tenth")))).containsExactly(Settlement.QUARANTINED);
    }

    @Test
    void blamesBatchThatFailsAgainAfterOthersWentThrough() {
        PostgresSink sink = sinkThatDrops("NEW.c1 = 7");
        List<MappedRecord> batch =
                IntStream.range(0, 20).mapToObj(i -> bad("bad" + i)).toList();
        assertWaits(() -> sink.store(batch), "drops");
        assertWaits(() -> sink.store(batch), "drops");
        sink.store(List.of(record("good", 1, TestOutcomes.row("row", 1))));
        assertThat(sink.store(batch)).containsOnly(Settlement.QUARANTINED);
    }

    @Test
    void treatsRowsWithoutPartitionLikewise() {
        testDatabase.execute("CREATE TABLE events (c0 varchar(20), c1 integer) PARTITION BY RANGE (c1);"
                + " CREATE TABLE high PARTITION OF events FOR VALUES FROM (100) TO (MAXVALUE)");
        PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(14));
        int[] culprits = IntStream.range(0, 15).toArray();
        assertThat(places(sink.store(rows(numbers(200, BAD, culprits))), Settlement.QUARANTINED))
                .hasSize(15);
        testDatabase.execute(
                "TRUNCATE sluice.quarantine, sluice.ledger, events; ALTER TABLE events DETACH PARTITION high");
        assertWaits(() -> sink.store(rows(numbers(200, BAD))), "23514", "no partition");
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
    }

    @Test
    void storesNothingInColumnThatWasAltered() {
        PipelineSpec numbers = Pipelines.of(new ColumnType.Varchar(20), new ColumnType.Numeric(12, 4));
        new TargetTable(numbers).createIfMissing(database, null);
        PostgresSink sink = PostgresSink.open(database, numbers, Duration.ofDays(14));
        List<MappedRecord> batch = List.of(record("a", 1, TestOutcomes.row("row", new BigDecimal("1.2345"))));
        testDatabase.execute("ALTER TABLE events ALTER c1 TYPE numeric(12,2)");
        assertWaits(
                () -> sink.store(batch),
                "column c1 of table events is numeric(12,2) now and was numeric(12,4); nothing was stored");
        assertWaits(sink::probe, "does not take every numeric(12,4)");
        assertThat(testDatabase.count("events")).isZero();
        testDatabase.execute("ALTER TABLE events ALTER c1 TYPE numeric(14,6)");
        sink.probe();
        assertThat(sink.store(batch)).containsExactly(Settlement.STORED);
        assertThat(testDatabase.query("SELECT c1 FROM events")).containsExactly("1.234500");
    }

    private PostgresSink sinkThatDrops(String which) {
        new TargetTable(spec).createIfMissing(database, null);
        testDatabase.execute("CREATE FUNCTION drops() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF " + which
                + " THEN RETURN NULL; END IF; RETURN NEW; END $$; CREATE TRIGGER drops BEFORE INSERT ON events"
                + " FOR EACH ROW EXECUTE FUNCTION drops()");
        return PostgresSink.open(database, spec, Duration.ofDays(14));
    }

    private static MappedRecord bad(String id) {
        return record(id, 1, TestOutcomes.row("row", BAD));
    }

    private List<String> quarantined() {
        return testDatabase.query("SELECT concat_ws(' ', count(*), reason, coalesce(sqlstate, 'null'))"
                + " FROM sluice.quarantine GROUP BY reason, sqlstate");
    }

    private static void assertWaits(ThrowingCallable call, String... hints) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .message()
                .contains(hints);
    }
}
