package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerUpkeepIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private Instant now = Instant.now();
    private final InstantSource clock = () -> now;

    LedgerUpkeepIT() {
        new TargetTable(spec).createIfMissing(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void dropsDaysThatAreOlderThanRetentionAtStart() {
        testDatabase.query("SELECT sluice.ledger_ensure('" + today.minusDays(30) + "', '" + today + "')");
        testDatabase.execute("INSERT INTO sluice.ledger VALUES ('" + today.minusDays(20)
                + " 12:00Z', gen_random_uuid(), 0), ('2001-01-01Z', gen_random_uuid(), 0), ('" + today.minusDays(4)
                + " 00:00Z', gen_random_uuid(), 0)");
        PostgresSink.open(database, spec, Duration.ofDays(4), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
        assertThat(testDatabase.count("sluice.ledger")).isOne();
    }

    @Test
    void makesAndDropsDaysWhenTheDayChanges() {
        now = Instant.now().minus(Duration.ofDays(3));
        PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(4), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(9)));
        now = Instant.now();
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
        assertThat(partitions().getLast()).isEqualTo(partition(today.plusDays(7)));
    }

    @Test
    void knowsMessagesOlderAndNewerThanAllDaysAgainWhenTheDayHasChanged() {
        PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(4), clock);
        Instant midnight = today.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        List<MappedRecord> batch = List.of(
                sent("old", today.minusDays(7).atStartOfDay().toInstant(ZoneOffset.UTC)),
                sent("late", midnight.minusMillis(1)),
                sent("early", midnight),
                sent("tomorrow's last day", today.plusDays(8).atStartOfDay().toInstant(ZoneOffset.UTC)),
                sent("new", Instant.parse("2999-01-01T00:00:00Z")));
        assertThat(sink.store(batch)).containsOnly(Settlement.STORED);
        assertThat(testDatabase.count("sluice.ledger_default")).isEqualTo(3);
        assertThat(testDatabase.count("sluice." + partition(today))).isOne();
        assertThat(sink.store(batch)).containsOnly(Settlement.DUPLICATE);

        now = midnight;

        assertThat(sink.store(batch.subList(1, 5))).containsOnly(Settlement.DUPLICATE);
        assertThat(partitions()).doesNotContain(partition(today.plusDays(8)));
        now = midnight.plus(Duration.ofDays(1));
        assertThat(sink.store(batch.subList(1, 5))).containsOnly(Settlement.DUPLICATE);
        assertThat(partitions()).contains(partition(today.plusDays(9))).doesNotContain(partition(today.plusDays(8)));
        assertThat(testDatabase.count("events")).isEqualTo(5);
    }

    @Test
    void keepsWhatAnotherPipelineOfTheDatabaseNeedsEvenWhileItIsDown() {
        PostgresSink.open(database, spec, Duration.ofDays(14), clock);
        PostgresSink.open(database, spec, Duration.ofDays(1), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(16)));

        testDatabase.execute("UPDATE sluice.ledger_horizon SET told_at = now() - interval '17 days' WHERE days = 16");
        PostgresSink.open(database, spec, Duration.ofDays(1), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(3)));
    }

    @Test
    void forgetsProducersIdsAfterTheLongestWindowInStretches() {
        testDatabase.execute("INSERT INTO sluice.ledger_by_key SELECT decode(md5(n::text), 'hex'),"
                + " now() - CASE WHEN n % 10 = 0 THEN interval '3 days' ELSE interval '30 days' END"
                + " FROM generate_series(1, 150000) n;"
                + " CREATE TABLE public.deleted (n bigint); CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN INSERT INTO public.deleted SELECT count(*) FROM gone; RETURN NULL; END $$;"
                + " CREATE TRIGGER note AFTER DELETE ON sluice.ledger_by_key REFERENCING OLD TABLE AS gone"
                + " FOR EACH STATEMENT EXECUTE FUNCTION public.note()");
        PostgresSink.open(database, byContent(28), Duration.ofDays(4), clock);
        PostgresSink.open(database, byContent(1), Duration.ofDays(4), clock);
        assertThat(testDatabase.count("sluice.ledger_by_key")).isEqualTo(15_000);
        assertThat(Long.parseLong(
                        testDatabase.query("SELECT max(n) FROM deleted").getFirst()))
                .isPositive()
                .isLessThan(70_000);
    }

    @Test
    void leavesPruningToTheWorkerThatIsAtIt() {
        PostgresSink.open(database, byContent(1), Duration.ofDays(4), clock);
        testDatabase.execute("INSERT INTO sluice.ledger_by_key VALUES ('a', now() - interval '30 days')");
        database.transact("hold", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('sluice.ledger_by_key', 0))");
            }
            PostgresSink.open(database, byContent(1), Duration.ofDays(4), clock);
            return 0;
        });
        assertThat(testDatabase.count("sluice.ledger_by_key")).isOne();
    }

    @Test
    void neverForgetsYesterday() {
        assertThatThrownBy(() -> testDatabase.query("SELECT sluice.ledger_prune('" + today + "')"))
                .hasMessageContaining("never pruned");
    }

    private static MappedRecord sent(String id, Instant sentAt) {
        return new MappedRecord(new Message(id, "r", sentAt, 1, new byte[0]), 0, TestOutcomes.row("row", id.length()));
    }

    private PipelineSpec byContent(int days) {
        PipelineSpec.Source source = new PipelineSpec.Source(
                "queue",
                PipelineSpec.Unwrap.NONE,
                PipelineSpec.Compression.NONE,
                new IdempotencyKey.Content(Duration.ofDays(days)));
        return new PipelineSpec(spec.name(), spec.version(), source, spec.sink(), spec.columns());
    }

    private List<String> partitions() {
        return testDatabase.query("SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
                + " WHERE inhparent = 'sluice.ledger'::regclass AND relname <> 'ledger_default' ORDER BY 1");
    }

    private static String partition(LocalDate day) {
        return "ledger_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }
}
