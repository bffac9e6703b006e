package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.faults.SqsProxy.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the fault matrix that are played in every build. The method's name begins with the row's number. */
@Execution(ExecutionMode.CONCURRENT)
class FaultMatrixIT {

    private static final int VISIBILITY_SECONDS = 3;

    /** Where a visibility timeout that runs out on a slow machine would bring more duplicates than the fault does. */
    private static final int LONG_VISIBILITY_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Rows are awaited often: what is waited for is over soon. */
    private static final Duration LOOK = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    // --- 1, 2: the queue delivers twice

    @Test
    void row01_duplicateDeliveryLater() {
        try (Rig rig = Rig.open(folder, LONG_VISIBILITY_SECONDS)) {
            rig.deliveries().deliverAgain(new HashSet<>(rig.send(55)));
            rig.deliveries().deliverAgain(new HashSet<>(rig.sendBad(5)));

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().duplicates()).isEqualTo(60);
            Checker.of(rig, 60).check();
        }
    }

    @Test
    void row02_sameMessageTwiceInOneReceive() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.send(40);
            rig.sendBad(3);
            rig.sqs().on(SqsFaults.RECEIVE, SqsFaults.doubled());

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().stored()).isEqualTo(40);
            Checker.of(rig, 43).check();
        }
    }

    // --- 3 to 6: kill at each step

    @Test
    void row03_killAfterReceive() {
        killedAt("AFTER_RECEIVE", false, 0);
    }

    @Test
    void row04_killBeforeCommit() {
        killedAt("BEFORE_COMMIT", false, 0);
    }

    @Test
    void row05_killAfterCommitBeforeDelete() {
        killedAt("AFTER_COMMIT", true, 0);
    }

    @Test
    void row06_killBetweenTwoDeleteCalls() {
        killedAt("BETWEEN_DELETES", true, 10);
    }

    /** A slow machine makes two batches of the messages, of which one or both may be committed by then. */
    private void killedAt(String point, boolean committed, int deleted) {
        try (Rig rig = Rig.open(folder, LONG_VISIBILITY_SECONDS).set("SLUICE_CONSUMERS", "1")) {
            rig.send(30);
            rig.sqs().on(SqsFaults.DELETE, SqsFaults.onlyOne());

            WorkerProcess killed = rig.runInto(point);

            assertThat(killed.exitCode()).as(killed.output()).isEqualTo(137);
            long rows = rig.rows();
            assertThat(rows).isBetween(committed ? 10L : 0L, committed ? 30L : 0L);
            assertThat(rig.depth().stream().mapToInt(Integer::intValue).sum()).isEqualTo(30 - deleted);
            rig.sqs().heal();
            WorkerProcess next = rig.runUntilEmpty();
            assertThat(next.exitCode()).as(next.output()).isZero();
            assertThat(next.summary().duplicates()).isEqualTo(rows - deleted);
            Checker.of(rig, 30).check();
        }
    }

    // --- 7, 8: kill and terminate under load

    @Test
    void row07_killedThriceUnderLoad() {
        Soak soak = new Soak(7_001L, 3, 400);
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, Rig.MANY_RECEIVES)
                .set("SLUICE_BATCH_MESSAGES", "20")) {
            rig.sabotage("public.user_logins", Integer.MAX_VALUE, "PERFORM pg_sleep(0.5)");
            soak.play(rig, "KILL");
            Checker.of(rig, 400).check();
        }
    }

    @Test
    void row08_sigtermUnderLoad() {
        try (Rig rig = Rig.open(folder, 30).set("SLUICE_BATCH_MESSAGES", "10").set("SLUICE_CONSUMERS", "2");
                Gate gate = rig.gate("public.user_logins", 3)) {
            rig.send(300);
            WorkerProcess terminated = rig.run();
            gate.awaitWaiting(2);

            terminated.signal("TERM");
            await().atMost(PATIENCE).until(() -> terminated.output().contains("draining"));
            gate.open();

            assertThat(terminated.exitCode()).as(terminated.output()).isZero();
            int left = Math.toIntExact(300 - rig.rows());
            assertThat(left).as("still under load").isGreaterThanOrEqualTo(200);
            assertThat(rig.depth()).as("unread messages are visible at once").isEqualTo(List.of(left, 0, 0));
            WorkerProcess next = rig.runUntilEmpty();
            assertThat(next.exitCode()).as(next.output()).isZero();
            assertThat(next.summary().duplicates())
                    .as("no committed message came again")
                    .isZero();
            Checker.of(rig, 300).check();
        }
    }

    // --- 12 to 16: the database

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12})
    void row12_rowsThatOnlyTheDatabaseRefuses(int culprits) {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.execute("ALTER TABLE public.user_logins ADD CONSTRAINT no_fridges CHECK (device_type <> 'fridge')");
            List<Rig.Event> events = new ArrayList<>(IntStream.range(0, 12)
                    .mapToObj(i -> rig.event(i < culprits ? "fridge" : "android"))
                    .toList());
            Collections.rotate(events, 5);
            rig.send(events);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isEqualTo(culprits);
            Checker.of(rig, 12).check();
            assertThat(rig.query("SELECT q::text FROM sluice.quarantine q"))
                    .allMatch(record -> record.contains("23514") && record.contains("no_fridges"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 10, 11})
    void row12_culpritAtEachPlaceOfABatch(int place) {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.execute("ALTER TABLE public.user_logins ADD CONSTRAINT no_fridges CHECK (device_type <> 'fridge')");
            rig.send(IntStream.range(0, 12)
                    .mapToObj(i -> rig.event(i == place ? "fridge" : "android"))
                    .toList());

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.rows()).isEqualTo(11);
            Checker.of(rig, 12).check();
        }
    }

    @Test
    void row13_quarantineWriteFails() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS).set("SLUICE_CONSUMERS", "1")) {
            rig.send(5);
            rig.sendBad(5);
            rig.sabotage("sluice.quarantine", Integer.MAX_VALUE, "RAISE EXCEPTION 'full' USING ERRCODE = '53100'");
            WorkerProcess worker = rig.runUntilEmpty();

            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.attempts("sluice.quarantine") >= 2);

            assertThat(worker.isAlive()).as(worker.output()).isTrue();
            assertThat(rig.sqs().calls(SqsFaults.DELETE)).isZero();
            rig.endSabotage("sluice.quarantine");
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).isEqualTo(5);
            Checker.of(rig, 10).check();
        }
    }

    @Test
    void row14_databaseDownForLongerThanVisibilityTimesMaxReceiveCount() {
        int consumers = 2;
        try (Rig rig = Rig.withDeadLetters(folder, 2, 3)
                        .set("SLUICE_BATCH_MESSAGES", "10")
                        .set("SLUICE_CONSUMERS", Integer.toString(consumers));
                Gate gate = rig.gate("public.user_logins", 3)) {
            rig.send(200);
            WorkerProcess worker = rig.runUntilEmpty();
            gate.awaitWaiting(consumers);

            awaitNoMoreReceives(rig);

            rig.database().down();
            Instant down = Instant.now();
            gate.open();
            await().pollDelay(Duration.ofSeconds(9)).atMost(PATIENCE).until(worker::isAlive);
            long received = rig.sqs().calls(SqsFaults.RECEIVE, down);
            rig.database().up();

            assertThat(received).as("receive calls while down").isZero();
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 200).check();
        }
    }

    /** Batches are received ahead of the writers that wait, so some calls may still be on their way. */
    private static void awaitNoMoreReceives(Rig rig) {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            long now = rig.sqs().calls(SqsFaults.RECEIVE, Instant.EPOCH);
            return before.getAndSet(now) == now;
        });
    }

    @Test
    void row15_backendTerminatedInMidTransaction() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)) {
            rig.send(50);
            rig.sendBad(2);
            rig.sabotage("public.user_logins", 2, "PERFORM pg_terminate_backend(pg_backend_pid())");

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.attempts("public.user_logins")).isGreaterThanOrEqualTo(3);
            Checker.of(rig, 52).check();
        }
    }

    @Test
    void row16_commitSentAnswerLost() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS).set("SLUICE_BATCH_MESSAGES", "10")) {
            rig.send(50);
            rig.sendBad(2);
            // Of connections that have written; what is asked before the first batch is not meant.
            rig.database().loseAnswers(2, "COPY ", "COMMIT\0");

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.database().lost()).isEqualTo(2);
            assertThat(worker.summary().duplicates())
                    .as("committed without an answer")
                    .isPositive();
            Checker.of(rig, 52).check();
        }
    }

    // --- 23, 24: the queue

    @ParameterizedTest
    @ValueSource(strings = {"InternalFailure", "RequestThrottled", "hang up", "truncated"})
    void row23_queueFailsAndIsCalledSeldom(String how) {
        int consumers = 2;
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS)
                        .set("SLUICE_CONSUMERS", Integer.toString(consumers))
                        .set("SLUICE_BATCH_MESSAGES", "10");
                Gate gate = rig.gate("public.user_logins", 1)) {
            rig.send(60);
            WorkerProcess worker = rig.runUntilEmpty();
            gate.awaitWaiting(consumers);

            rig.sqs().on(SqsFaults.RECEIVE, failure(how));
            Instant failing = Instant.now();
            gate.open();
            await().pollDelay(Duration.ofSeconds(9)).atMost(PATIENCE).until(worker::isAlive);
            long calls = rig.sqs().calls(SqsFaults.RECEIVE, failing);
            Duration outage = Duration.between(failing, Instant.now());
            rig.sqs().heal();

            // Together once a second; on top what was asked before they knew, and its retry: by each batch that is
            // stored, and by two that are received ahead.
            assertThat(calls).isBetween(2L, outage.toSeconds() + 2L * (consumers + 2));
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 60).check();
        }
    }

    private static Fault failure(String how) {
        return switch (how) {
            case "hang up" -> SqsFaults.hangUp();
            case "truncated" -> SqsFaults.truncated();
            case "InternalFailure" -> SqsFaults.error(500, how);
            default -> SqsFaults.error(400, how);
        };
    }

    @Test
    void row24_deleteFailsInParts() {
        deleteFails(SqsFaults.first(2, SqsFaults.refuseEntries(place -> place % 2 == 1, "InternalError")));
    }

    @Test
    void row24_deleteFailsWholeUnderStatus200() {
        deleteFails(SqsFaults.first(3, SqsFaults.refuseEntries(place -> true, "InternalError")));
    }

    private void deleteFails(Fault fault) {
        try (Rig rig = Rig.open(folder, 20)) {
            rig.send(20);
            rig.sqs().on(SqsFaults.DELETE, fault);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(rig.sqs().calls(SqsFaults.DELETE)).isGreaterThanOrEqualTo(4);
            assertThat(worker.summary().duplicates()).as("deleted in time").isZero();
            Checker.of(rig, 20).check();
        }
    }
}
