package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionMaintenanceIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    PartitionMaintenanceIT() {
        new TargetTable(spec).createIfMissing(database, null);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void makesDaysAroundTodayAndDropsThoseThatAreOlderThanRetention() {
        testDatabase.query("SELECT sluice.ledger_ensure(30, 0)");
        testDatabase.execute("INSERT INTO sluice.ledger VALUES ('" + today.minusDays(20)
                + " 12:00Z', gen_random_uuid(), 0), ('2001-01-01Z', gen_random_uuid(), 0), ('" + today.minusDays(4)
                + " 00:00Z', gen_random_uuid(), 0)");

        assertDone(of(spec, 4));

        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
        assertThat(partitions().getLast()).isEqualTo(partition(today.plusDays(7)));
        assertThat(partitions()).hasSize(14);
        assertThat(testDatabase.count("sluice.ledger")).isOne();
    }

    @Test
    void prunesOnceADay() {
        Day day = new Day(today);
        PartitionMaintenance maintenance =
                new PartitionMaintenance(database, ledger(spec, 4), spec.sink(), connection -> day.date);
        assertDone(maintenance);
        testDatabase.query("SELECT sluice.ledger_ensure(7, 0)");

        assertDone(maintenance);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(7)));

        day.date = today.plusDays(1);
        assertDone(maintenance);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
    }

    /** Fault matrix, row 37: what is made and pruned depends on the database's clock alone. */
    @ParameterizedTest
    @ValueSource(ints = {-40, -1, 1, 13, 40})
    void takesNoDayFromTheClient(int daysAhead) {
        assertDone(of(spec, 4));
        List<String> before = partitions();

        assertDone(new PartitionMaintenance(
                database, ledger(spec, 4), spec.sink(), connection -> today.plusDays(daysAhead)));

        assertThat(partitions()).isEqualTo(before);
        assertThat(
                        testDatabase.query(
                                "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'sluice'::regnamespace"
                                        + " AND proname ~ '^(ledger_(ensure|prune|by_key_prune|horizon)|partitions_ensure)$'"
                                        + " AND proargtypes::oid[] && ARRAY['date', 'timestamp', 'timestamptz']::regtype[]::oid[]"))
                .isEmpty();
    }

    @Test
    void knowsMessagesOlderAndNewerThanAllDaysAgainWhenTheDayHasChanged() {
        PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(4));
        sink.close(); // nothing is pruned from now on
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

        testDatabase.query("SELECT sluice.ledger_ensure(6, 9)"); // as two days later

        assertThat(sink.store(batch.subList(1, 5))).containsOnly(Settlement.DUPLICATE);
        assertThat(partitions()).contains(partition(today.plusDays(9))).doesNotContain(partition(today.plusDays(8)));
        assertThat(testDatabase.count("events")).isEqualTo(5);
    }

    @Test
    void keepsWhatAnotherPipelineOfTheDatabaseNeedsEvenWhileItIsDown() {
        assertDone(of(spec, 14));
        assertDone(of(spec, 1));
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(16)));

        testDatabase.execute("UPDATE sluice.ledger_horizon SET told_at = now() - interval '17 days' WHERE days = 16");
        assertDone(of(spec, 1));
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(3)));
    }

    /** Fault matrix, row 32. */
    @Test
    void makesNoDayAndSaysSoWhileReaderHoldsDefault() {
        PartitionMaintenance maintenance = of(spec, 4);
        database.transact("read", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE sluice.ledger_default IN ACCESS SHARE MODE");
            }
            assertThat(maintenance.makePartitions()).singleElement().asString().contains("the ledger's partitions");
            assertThat(partitions()).isEmpty();
            return 0;
        });
        assertDone(maintenance);
        assertThat(partitions()).hasSize(14);
    }

    @Test
    void leavesPartitionThatIsReadForTheNextAttempt() {
        testDatabase.query("SELECT sluice.ledger_ensure(9, 0)");
        testDatabase.execute("INSERT INTO sluice.ledger VALUES ('2001-01-01Z', gen_random_uuid(), 0)");
        PartitionMaintenance maintenance = of(spec, 4);
        database.transact("read", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE sluice." + partition(today.minusDays(8)) + " IN ACCESS SHARE MODE");
            }
            assertThat(maintenance.prune(() -> false))
                    .singleElement()
                    .asString()
                    .contains("prune the ledger");
            return 0;
        });
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(8)));
        assertThat(testDatabase.count("sluice.ledger")).isZero();

        assertDone(maintenance);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
    }

    @Test
    void deletesFromDefaultInTransactionsOfBoundedSize() {
        testDatabase.execute("INSERT INTO sluice.ledger SELECT '2001-01-01Z', gen_random_uuid(), 0"
                + " FROM generate_series(1, 50001)");
        assertThat(testDatabase.query("SELECT sluice.ledger_prune(3)")).containsExactly("more");
        assertThat(testDatabase.count("sluice.ledger_default")).isOne();
        assertDone(of(spec, 4));
        assertThat(testDatabase.count("sluice.ledger_default")).isZero();
    }

    @Test
    void forgetsProducersIdsAfterTheLongestWindowInStretches() {
        testDatabase.execute("INSERT INTO sluice.ledger_by_key SELECT decode(md5(n::text), 'hex'),"
                + " now() - CASE WHEN n % 10 = 0 THEN interval '9 days' ELSE interval '30 days' END"
                + " FROM generate_series(1, 150000) n;"
                + " CREATE TABLE public.deleted (n bigint); CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN INSERT INTO public.deleted SELECT count(*) FROM gone; RETURN NULL; END $$;"
                + " CREATE TRIGGER note AFTER DELETE ON sluice.ledger_by_key REFERENCING OLD TABLE AS gone"
                + " FOR EACH STATEMENT EXECUTE FUNCTION public.note()");
        assertDone(of(byContent(28), 4));
        assertDone(of(byContent(1), 4));
        assertThat(testDatabase.count("sluice.ledger_by_key")).isEqualTo(15_000);
        assertThat(Long.parseLong(
                        testDatabase.query("SELECT max(n) FROM deleted").getFirst()))
                .isPositive()
                .isLessThan(70_000);
    }

    /** As runs of a schedule do: each makes the first call and ends. */
    @Test
    void forgetsProducersIdsInTheEndThoughNoWorkerLivesForLong() {
        testDatabase.execute("INSERT INTO sluice.ledger_by_key SELECT decode(md5(n::text), 'hex'),"
                + " CASE WHEN n > 140000 THEN now() - interval '30 days' ELSE now() END"
                + " FROM generate_series(1, 150000) AS n");

        // Three stretches, of which the old keys are in the last: not drawn in 100 calls once in 10^17.
        testDatabase.query("SELECT sluice.ledger_by_key_prune(3, 0) FROM generate_series(1, 100)");

        assertThat(testDatabase.count("sluice.ledger_by_key")).isEqualTo(140_000);
    }

    /** Fault matrix, row 36. */
    @Test
    void keepsProducersIdsForTheRetentionWhenTheWindowIsShorter() {
        testDatabase.execute("INSERT INTO sluice.ledger_by_key VALUES ('waits', now() - interval '5 days'),"
                + " ('expired', now() - interval '8 days')");
        assertDone(of(byContent(1), 4));
        assertThat(testDatabase.query("SELECT convert_from(key, 'UTF8') FROM sluice.ledger_by_key"))
                .containsExactly("waits");
        assertThat(testDatabase.query("SELECT ledger || ' ' || days FROM sluice.ledger_horizon"))
                .containsExactly("key 6");
    }

    @Test
    void leavesPruningToTheWorkerThatIsAtIt() {
        testDatabase.execute("INSERT INTO sluice.ledger_by_key VALUES ('a', now() - interval '30 days')");
        database.transact("hold", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT FROM sluice.mutex WHERE name = 'ledger-by-key' FOR UPDATE");
            }
            assertDone(of(byContent(1), 4));
            return 0;
        });
        assertThat(testDatabase.count("sluice.ledger_by_key")).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ledger_prune(2)",
                "ledger_prune(NULL)",
                "ledger_prune(-1)",
                "ledger_by_key_prune(2, 0)",
                "ledger_by_key_prune(NULL, 0)",
                "ledger_by_key_prune(3, NULL)"
            })
    void neverForgetsWhatMayComeAgain(String call) {
        assertThatThrownBy(() -> testDatabase.query("SELECT sluice." + call))
                .hasMessageContaining("for 3 days at least");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1, 7", "31, 7", "6, 15", "NULL, 7", "6, NULL", "2147483647, 2147483647"})
    void refusesAbsurdNumbersOfDays(String days) {
        assertThatThrownBy(() -> testDatabase.query("SELECT sluice.ledger_ensure(" + days + ")"))
                .hasMessageContaining("0 to 30 days");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ledger_prune(1001)",
                "ledger_by_key_prune(1001, 0)",
                "ledger_by_key_prune(3, -1)",
                "ledger_by_key_prune(3, 9223372036854775807)",
                "ledger_horizon('message', 31)",
                "ledger_horizon('message', 2)",
                "ledger_horizon('key', 1001)",
                "ledger_horizon('key', 2147483647)",
                "ledger_horizon('key', NULL)",
                "ledger_horizon(NULL, 5)",
                "ledger_horizon('other', 5)",
                "ledger_claim(NULL, NULL, NULL)",
                "ledger_claim(ARRAY[now()], ARRAY[]::uuid[], ARRAY[0])",
                "ledger_claim(array_fill(now(), ARRAY[1000001]), array_fill(gen_random_uuid(), ARRAY[1000001]),"
                        + " array_fill(0, ARRAY[1000001]))",
                "ledger_claim_keys(NULL)",
                "ledger_claim_keys(ARRAY[NULL]::bytea[])",
                "ledger_claim_keys(ARRAY[decode(repeat('00', 65), 'hex')])",
                "ledger_claim_keys(array_fill('a'::bytea, ARRAY[1000001]))",
                "attempts_begin(NULL)",
                "attempts_begin(ARRAY[NULL]::uuid[])",
                "attempts_begin_alone(array_fill(gen_random_uuid(), ARRAY[100001]))",
                "attempts_end(NULL)"
            })
    void refusesWhatNoWorkerAsksFor(String call) {
        testDatabase.execute("DO $do$ BEGIN PERFORM sluice." + call + "; RAISE 'taken';"
                + " EXCEPTION WHEN invalid_parameter_value THEN NULL; END $do$");
        assertThat(testDatabase.count("sluice.ledger_horizon")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SQL, DMY", "Postgres, MDY"})
    void makesDaysWhateverTheDateStyle(String style) {
        // The driver insists on ISO for its session, so the style is a function's.
        testDatabase.execute("CREATE FUNCTION public.styled() RETURNS integer LANGUAGE sql SET datestyle = '" + style
                + "' SET timezone = 'Pacific/Kiritimati' AS 'SELECT made FROM sluice.ledger_ensure(1, 1)'");
        assertThat(testDatabase.query("SELECT public.styled()")).containsExactly("3");
        assertThat(partitions())
                .containsExactly(partition(today.minusDays(1)), partition(today), partition(today.plusDays(1)));
        assertThat(testDatabase.query("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 'sluice."
                        + partition(today) + "'::regclass"))
                .containsExactly(
                        "FOR VALUES FROM ('" + today + " 00:00:00+00') TO ('" + today.plusDays(1) + " 00:00:00+00')");
    }

    private PartitionMaintenance of(PipelineSpec pipeline, int retentionDays) {
        return new PartitionMaintenance(
                database, ledger(pipeline, retentionDays), spec.sink(), PartitionMaintenance::today);
    }

    private static Ledger ledger(PipelineSpec pipeline, int retentionDays) {
        return Ledger.of(pipeline, Duration.ofDays(retentionDays));
    }

    private static void assertDone(PartitionMaintenance maintenance) {
        assertThat(maintenance.makePartitions()).isEmpty();
        assertThat(maintenance.prune(() -> false)).isEmpty();
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

    private static final class Day {
        private LocalDate date;

        private Day(LocalDate date) {
            this.date = date;
        }
    }
}
