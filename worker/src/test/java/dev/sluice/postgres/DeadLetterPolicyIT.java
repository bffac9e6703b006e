package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.message;
import static dev.sluice.postgres.Batches.record;
import static org.assertj.core.api.Assertions.assertThat;

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

class DeadLetterPolicyIT {

    private final PipelineSpec quarantining = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final PipelineSpec spec = new PipelineSpec(
            quarantining.name(),
            quarantining.version(),
            quarantining.source(),
            new PipelineSpec.Sink(null, "events", PipelineSpec.Rejects.DLQ, PipelineSpec.RowsTakenByTrigger.REFUSE),
            quarantining.columns());
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final PostgresSink sink;

    DeadLetterPolicyIT() {
        new TargetTable(spec).createIfMissing(database, null);
        testDatabase.execute("ALTER TABLE events ADD CONSTRAINT no_seven CHECK (c1 <> 7)");
        sink = PostgresSink.open(database, spec, Duration.ofDays(14));
    }

    @AfterEach
    void close() {
        sink.close();
        database.close();
    }

    @Test
    void leavesMessageWholeWhenMapperRejectsOneOfItsRecords() {
        assertThat(sink.store(List.of(
                        record("good", 1, TestOutcomes.row("row", 1)),
                        part("mixed", 0, 2),
                        new MappedRecord(
                                message("mixed", 1), 1, TestOutcomes.rejection(Reason.MISSING, "c0", "x", "x")))))
                .containsExactly(Settlement.STORED, Settlement.DEFERRED, Settlement.DEFERRED);
        assertOnly("1");
    }

    @Test
    void leavesMessageWholeWhenDatabaseRefusesOneOfItsRows() {
        List<MappedRecord> batch = List.of(
                part("mixed", 0, 2),
                part("mixed", 1, 7),
                record("good", 1, TestOutcomes.row("row", 1)),
                part("other", 0, 7),
                part("other", 1, 3));
        assertThat(sink.store(batch))
                .containsExactly(
                        Settlement.DEFERRED,
                        Settlement.DEFERRED,
                        Settlement.STORED,
                        Settlement.DEFERRED,
                        Settlement.DEFERRED);
        assertOnly("1");
        testDatabase.execute("ALTER TABLE events DROP CONSTRAINT no_seven");
        assertThat(sink.store(batch))
                .containsExactly(
                        Settlement.STORED,
                        Settlement.STORED,
                        Settlement.DUPLICATE,
                        Settlement.STORED,
                        Settlement.STORED);
    }

    @Test
    void storesNothingWhenEveryMessageIsLeft() {
        assertThat(sink.store(List.of(part("a", 0, 7), part("b", 0, 7)))).containsOnly(Settlement.DEFERRED);
        assertThat(testDatabase.count("sluice.ledger")).isZero();
    }

    private void assertOnly(String row) {
        assertThat(testDatabase.query("SELECT c1 FROM events")).containsExactly(row);
        assertThat(testDatabase.count("sluice.ledger")).isOne();
        assertThat(testDatabase.count("sluice.quarantine")).isZero();
    }

    private static MappedRecord part(String id, int index, int value) {
        return new MappedRecord(message(id, 1), index, TestOutcomes.in(id, TestOutcomes.row("row", value)));
    }
}
