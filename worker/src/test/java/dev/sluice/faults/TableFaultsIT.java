package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the fault matrix in which the target table is at fault: its triggers, its types, its sequences. */
@Execution(ExecutionMode.CONCURRENT)
class TableFaultsIT {

    private static final int VISIBILITY_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final String ACCEPTING_LOGINS =
            """
            pipeline: logins
            source: { queue: logins }
            sink: { table: user_logins, rows-taken-by-trigger: accept }
            columns:
              user_id: { from: user_id, type: varchar(128), required: true }
              device_type: { from: device_type, type: varchar(32) }
            """;

    /** Columns whose types can be altered so that binary COPY alters the values without an error. */
    private static final String MEASURES =
            """
            pipeline: measures
            source: { queue: measures }
            sink: { table: user_logins }
            columns:
              user_id: { from: user_id, type: varchar(128), required: true }
              amount: { from: amount, type: "numeric(12,4)" }
              moment: { from: moment, type: timestamptz }
              quantity: { from: quantity, type: integer }
            """;

    @TempDir
    private Path folder;

    // --- 29: a trigger drops rows

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 13})
    void row29_rowsThatATriggerDrops(int dropped) {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            onEachRow(rig, "no_fridges", "IF NEW.device_type = 'fridge' THEN RETURN NULL; END IF");
            rig.send(oneKindAmongOthers(rig, "fridge", dropped, 20));

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isEqualTo(dropped);
            Checker.of(rig, 20).check();
            assertThat(rig.query("SELECT DISTINCT reason FROM sluice.quarantine"))
                    .containsExactly("dropped-by-table");
        }
    }

    @Test
    void row29_tableThatDropsEveryRow() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            onEachRow(rig, "drops_all", "RETURN NULL");
            rig.send(30);
            WorkerProcess worker = rig.runUntilEmpty();

            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> worker.hasPausedReceiving() || !worker.isAlive());

            assertThat(worker.isAlive()).as(worker.output()).isTrue();
            assertThat(worker.output()).contains("drops_all");
            rig.execute("DROP TRIGGER drops_all ON public.user_logins");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isZero();
            Checker.of(rig, 30).check();
        }
    }

    /** Partitioning by inheritance: the trigger stores the row in a child of the table, and nothing in the table. */
    @Test
    void row29_rowsThatATriggerStoresElsewhere() {
        try (Rig rig = Rig.withPipeline(folder, VISIBILITY_SECONDS, ACCEPTING_LOGINS)) {
            rig.execute("CREATE TABLE public.logins_of_phones () INHERITS (public.user_logins)");
            onEachRow(
                    rig,
                    "to_child",
                    "IF NEW.device_type = 'android' THEN INSERT INTO public.logins_of_phones SELECT NEW.*;"
                            + " RETURN NULL; END IF");
            rig.send(oneKindAmongOthers(rig, "fridge", 5, 20));

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.query("SELECT count(*) FROM public.logins_of_phones"))
                    .containsExactly("15");
            Checker.of(rig, 20).check();
        }
    }

    // --- 30: a column's type changes while the worker runs

    @ParameterizedTest
    @CsvSource({
        "amount, 'numeric(12,2)', 'numeric(12,4)'",
        "moment, timestamptz(0), timestamptz",
        "quantity, real, integer"
    })
    void row30_typeAlteredWhileRunning(String column, String altered, String before) {
        try (Rig rig = Rig.withPipeline(folder, VISIBILITY_SECONDS, MEASURES).set("SLUICE_BATCH_MESSAGES", "10")) {
            // Values that survive what the owner does to the rows that are there.
            rig.send(measures(rig, "1.25", "2026-11-21T10:00:00Z", 7));
            WorkerProcess worker = rig.run();
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.rows() == 20);

            alter(rig, column, altered);
            rig.send(measures(rig, "1.2345", "2026-11-21T10:00:00.654321Z", 66_051));
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> worker.hasPausedReceiving() || rig.rows() == 40);

            assertThat(rig.query("SELECT DISTINCT amount, quantity FROM public.user_logins WHERE amount <> 1.25"))
                    .as("altered in silence")
                    .isEmpty();
            assertThat(rig.rows()).isEqualTo(20);
            assertThat(worker.output()).contains("column " + column);
            alter(rig, column, before);
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.rows() == 40);
            worker.signal("TERM");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 40).check();
            assertThat(rig.query("SELECT DISTINCT concat_ws(' ', amount, extract(microseconds FROM moment), quantity)"
                            + " FROM public.user_logins ORDER BY 1"))
                    .containsExactly("1.2345 654321 66051", "1.2500 0 7");
        }
    }

    private static void alter(Rig rig, String column, String type) {
        rig.execute("ALTER TABLE public.user_logins ALTER " + column + " TYPE " + type);
    }

    private static List<Rig.Event> measures(Rig rig, String amount, String moment, int quantity) {
        return IntStream.range(0, 20)
                .mapToObj(i -> rig.keyed(key -> "{\"user_id\":\"" + key + "\",\"amount\":" + amount + ",\"moment\":\""
                        + moment + "\",\"quantity\":" + quantity + "}"))
                .toList();
    }

    // --- 35: a batch fails for a reason that is in no list

    @ParameterizedTest
    @CsvSource({"XX000, 1", "44000, 3"})
    void row35_recordThatFailsUnexplained(String state, int culprits) {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.sqs().on(SqsFaults.VISIBILITY, SqsFaults.postponedBriefly());
            onEachRow(
                    rig,
                    "fails",
                    "IF NEW.device_type = 'fridge' THEN RAISE EXCEPTION 'canary' USING ERRCODE = '" + state
                            + "'; END IF");
            List<Rig.Event> events = oneKindAmongOthers(rig, "fridge", culprits, 30);
            List<String> ids = rig.send(events);

            WorkerProcess worker = rig.runUntilEmpty();

            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> !worker.isAlive() || worker.hasPausedReceiving());
            assertThat(worker.hasPausedReceiving()).as("held up").isFalse();
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isEqualTo(culprits);
            assertThat(rig.deliveries().redelivered())
                    .as("the neighbours were stored at once")
                    .containsExactlyInAnyOrderElementsOf(ids.subList(3, 3 + culprits));
            Checker.of(rig, 30).check();
            assertThat(rig.query("SELECT concat_ws(' ', reason, sqlstate, receive_count) FROM sluice.quarantine"))
                    .containsOnly("refused-by-database " + state + " 3");
        }
    }

    @Test
    void row35_everyRecordFailsUnexplained() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            onEachRow(rig, "fails_all", "RAISE EXCEPTION 'canary' USING ERRCODE = 'XX000'");
            rig.send(30);
            WorkerProcess worker = rig.runUntilEmpty();

            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> worker.hasPausedReceiving());

            assertThat(worker.output()).contains("XX000", "fails_all");
            rig.execute("DROP TRIGGER fails_all ON public.user_logins");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isZero();
            assertThat(rig.deliveries().redelivered()).as(worker.output()).isEmpty();
            Checker.of(rig, 30).check();
        }
    }

    // --- 41: a sequence is exhausted

    @Test
    void row41_sequenceIsExhausted() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.execute("CREATE SEQUENCE public.numbers MAXVALUE 5;"
                    + " ALTER TABLE public.user_logins ADD number bigint DEFAULT nextval('public.numbers')");
            rig.send(50);
            WorkerProcess worker = rig.runUntilEmpty();

            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> worker.hasPausedReceiving() || !worker.isAlive());

            assertThat(worker.output()).contains("2200H");
            rig.execute("ALTER SEQUENCE public.numbers NO MAXVALUE");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isZero();
            Checker.of(rig, 50).check();
        }
    }

    // --- what the rows share

    /** Some of one kind, next to each other, in the midst of others. */
    private static List<Rig.Event> oneKindAmongOthers(Rig rig, String kind, int ofKind, int count) {
        List<Rig.Event> events = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> rig.event(i < ofKind ? kind : "android"))
                .toList());
        Collections.rotate(events, 3);
        return events;
    }

    /** A trigger before each row that is inserted: PL/pgSQL, after which the row goes on as it is. */
    private static void onEachRow(Rig rig, String name, String plpgsql) {
        rig.execute("CREATE FUNCTION public." + name + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + plpgsql
                + "; RETURN NEW; END $$; CREATE TRIGGER " + name
                + " BEFORE INSERT ON public.user_logins FOR EACH ROW EXECUTE FUNCTION public." + name + "()");
    }
}
