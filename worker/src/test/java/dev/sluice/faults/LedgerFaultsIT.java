package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The rows of the fault matrix on the upkeep of the ledger and on the durability of a commit. */
@Execution(ExecutionMode.CONCURRENT)
class LedgerFaultsIT {

    private static final int VISIBILITY_SECONDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    /** No day has a partition yet, and a reader such as pg_dump keeps any from being made. */
    @Test
    void row32_readerHoldsTheLedgerWhenDaysAreMissing() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS);
                Reader reader = rig.reader("sluice.ledger", "sluice.ledger_default")) {
            rig.send(30);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.output()).contains("Maintenance is incomplete");
            assertThat(rig.query("SELECT count(*) FROM sluice.ledger_default")).containsExactly("30");
            Checker.of(rig, 30).check();

            reader.end();
            WorkerProcess next = rig.runUntilEmpty();
            assertThat(next.exitCode()).as(next.output()).isZero();
            assertThat(daysAhead(rig)).isEqualTo(7);
        }
    }

    /** Keys of ten days ago, a window of one day, and a queue that may keep a message for a fortnight. */
    @Test
    void row36_windowShorterThanTheQueuesRetention() throws IOException {
        try (Rig rig = byUserId(Rig.open(folder, VISIBILITY_SECONDS))) {
            rig.send(5);
            WorkerProcess killed = rig.runInto("AFTER_COMMIT");
            assertThat(killed.exitCode()).as(killed.output()).isEqualTo(137);
            rig.execute("UPDATE sluice.ledger_by_key SET seen_at = now() - interval '10 days';"
                    + "INSERT INTO sluice.ledger_by_key VALUES ('forgotten', now() - interval '100 days')");
            rig.sqs().on(SqsFaults.RECEIVE, SqsFaults.emptyReceive());

            WorkerProcess next = rig.run();
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.query(
                            "SELECT 1 FROM sluice.ledger_by_key WHERE key = 'forgotten'")
                    .isEmpty());
            rig.sqs().heal();
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.depth().stream()
                    .allMatch(count -> count == 0));
            next.signal("TERM");

            assertThat(next.exitCode()).as(next.output()).isZero();
            assertThat(next.summary().duplicates()).isEqualTo(5);
            Checker.of(rig, 5).check();
        }
    }

    /** Whoever set up the database wanted speed; a deleted message's row must be on disk all the same. */
    @Test
    void row42_commitsAreAsynchronousByDefault() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.execute("CREATE TABLE public.commits (how text);"
                    + "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " INSERT INTO public.commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;"
                    + "CREATE TRIGGER note AFTER INSERT ON public.user_logins FOR EACH STATEMENT"
                    + " EXECUTE FUNCTION public.note();"
                    + "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET synchronous_commit = off';"
                    + " END $$");
            rig.send(5);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.query("SELECT DISTINCT how FROM public.commits")).containsExactly("on");
            Checker.of(rig, 5).check();
        }
    }

    private static int daysAhead(Rig rig) {
        return rig.query("SELECT 1 FROM pg_class WHERE relname ~ '^ledger_[0-9]{8}$'"
                        + " AND relname > to_char(now() AT TIME ZONE 'UTC', '\"ledger_\"YYYYMMDD') AND relispartition")
                .size();
    }

    private Rig byUserId(Rig rig) throws IOException {
        String pipeline = Files.readString(Path.of("..", "core", "src", "main", "resources")
                .resolve("dev/sluice/mapping/pipelines/user-logins.yaml"));
        Path file = Files.writeString(
                folder.resolve("by-user-id.yaml"),
                pipeline.replace(
                        "{ queue: login-queue }",
                        "{ queue: login-queue, idempotency-key: 'field:user_id', idempotency-window: 1d }"));
        rig.set("SLUICE_PIPELINE", file.toString())
                .set("SLUICE_KEYS", folder.resolve("by-user-id.keys.json").toString());
        WorkerProcess keys = rig.start("keys", "create", "--allow-cleartext-keys");
        assertThat(keys.exitCode()).as(keys.output()).isZero();
        return rig;
    }
}
