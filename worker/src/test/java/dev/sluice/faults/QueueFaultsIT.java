package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.faults.ReceiveFaults.HungCall;
import dev.sluice.faults.SqsProxy.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of the fault matrix in which the queue fails in parts, or hands messages out in unusual ways. They are played in
 * every build. Named as in {@link FaultMatrixIT}.
 */
@Execution(ExecutionMode.CONCURRENT)
class QueueFaultsIT {

    private static final int VISIBILITY_SECONDS = 3;

    /** Where a visibility timeout that runs out on a slow machine would cost a receive that the fault does not cost. */
    private static final int LONG_VISIBILITY_SECONDS = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** What docs/operate.md advises for a supervisor's grace period. */
    private static final long GRACE_SECONDS = 60;

    /** A worker that cannot go on tries nothing again: it only finishes what it has begun. */
    private static final long SOON_SECONDS = 30;

    /** After that all consumers know that deletes fail, and the answers to what they asked before have come. */
    private static final Duration KNOWN = Duration.ofSeconds(2);

    /** Longer than one delete is tried again, and than visibility x maxReceiveCount. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(12);

    /** Unless set otherwise. */
    private static final long LANES = 2;

    private static final String TABLE = "public.user_logins";

    @TempDir
    private Path folder;

    // --- 33: deletes fail, everything else works

    @Test
    void row33_deniedDeletesEndTheWorker() {
        try (Rig rig = Rig.withDeadLetters(folder, LONG_VISIBILITY_SECONDS, 5).set("SLUICE_BATCH_MESSAGES", "10")) {
            rig.send(60);
            rig.sqs().on(SqsFaults.DELETE, SqsFaults.error(403, "AccessDeniedException"));
            WorkerProcess denied = rig.runUntilEmpty();

            assertThat(denied.exitCodeWithin(SOON_SECONDS)).as(denied.output()).isEqualTo(77);
            assertThat(rig.deliveries().mostReceives())
                    .as("receives of one message by the denied worker")
                    .isEqualTo(1);
            long stored = rig.rows();
            assertThat(stored).isPositive();
            rig.sqs().heal();
            WorkerProcess next = finish(rig);
            assertThat(next.summary().duplicates()).isEqualTo(stored);
            assertThat(rig.deliveries().mostReceives())
                    .as("receives of one message")
                    .isLessThanOrEqualTo(2);
            Checker.of(rig, 60).check();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"InternalFailure", "Failed"})
    void row33_deletesFailForLongerThanVisibilityTimesMaxReceiveCount(String how) {
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 3).set("SLUICE_BATCH_MESSAGES", "10");
                Gate gate = rig.gate(TABLE, 0)) {
            rig.send(100);
            rig.sqs().on(SqsFaults.DELETE, failure(how));
            WorkerProcess worker = rig.runUntilEmpty();
            gate.awaitWaiting((int) LANES);
            gate.open();
            awaitCalls(rig, SqsFaults.DELETE, 1);
            pause(KNOWN);

            Instant failing = Instant.now();
            pause(GIVEN_UP);
            long received = rig.sqs().calls(SqsFaults.RECEIVE, failing);
            long extended = rig.sqs().calls(SqsFaults.VISIBILITY, failing);
            rig.sqs().heal();

            assertThat(received).as("receive calls while deletes fail").isZero();
            assertThat(extended).as("calls that extend what is held").isPositive();
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().duplicates()).as("delivered again").isZero();
            Checker.of(rig, 100).check();
        }
    }

    private static Fault failure(String how) {
        return how.equals("Failed")
                ? SqsFaults.refuseEntries(place -> true, "InternalError")
                : SqsFaults.error(500, how);
    }

    @Test
    void row33_sigtermWhileDeletesFail() {
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 5).set("SLUICE_BATCH_MESSAGES", "10")) {
            rig.send(60);
            rig.sqs().on(SqsFaults.DELETE, SqsFaults.error(500, "InternalFailure"));
            WorkerProcess terminated = rig.runUntilEmpty();
            awaitCalls(rig, SqsFaults.DELETE, (int) LANES);

            Instant draining = terminate(terminated);

            assertThat(terminated.exitCodeWithin(GRACE_SECONDS))
                    .as(terminated.output())
                    .isZero();
            requireNoPoll(rig, draining);
            long stored = rig.rows();
            assertThat(stored).isPositive();
            rig.sqs().heal();
            assertThat(finish(rig).summary().duplicates()).isEqualTo(stored);
            Checker.of(rig, 60).check();
        }
    }

    /**
     * Three consumers: one waits out an outage with all messages in flight, one is told that it may not receive, one is in the
     * middle of a long poll, which brings it whatever the first gives back.
     */
    @Test
    void row33_deathOfAConsumerDuringAnOutageCostsAMessageOneReceive() {
        CountDownLatch denial = new CountDownLatch(1);
        Fault denied = ReceiveFaults.when(denial, SqsFaults.error(403, "AccessDeniedException"));
        try (Rig rig = Rig.withDeadLetters(folder, LONG_VISIBILITY_SECONDS, 2)
                        .set("SLUICE_BATCH_MESSAGES", "10")
                        .set("SLUICE_CONSUMERS", "3");
                Gate gate = rig.gate(TABLE, 0)) {
            rig.send(10);
            rig.sqs().on(SqsFaults.RECEIVE, ReceiveFaults.nth(2, denied, rig.deliveries()));
            WorkerProcess worker = rig.run("--for", "10s");
            gate.awaitWaiting(1);
            awaitCalls(rig, SqsFaults.RECEIVE, 3);

            rig.database().down();
            denial.countDown();

            assertThat(worker.exitCodeWithin(SOON_SECONDS)).as(worker.output()).isEqualTo(77);
            assertThat(rig.deliveries().mostReceives())
                    .as("receives of one message by the worker that died")
                    .isEqualTo(1);
            gate.open();
            rig.database().up();
            finish(rig);
            Checker.of(rig, 10).check();
        }
    }

    // --- 39: a call that hangs while others bring messages

    /** What hangs is delivered to the other worker, as it must be; what its worker has in hand meanwhile is not. */
    @Test
    void row39_oneReceiveOfABatchHangs() {
        try (Rig rig = Rig.open(folder, 6).set("SLUICE_BATCH_MESSAGES", "100")) {
            rig.send(100);
            HungCall hung = new HungCall(rig.deliveries());
            rig.sqs().on(SqsFaults.RECEIVE, hung);
            WorkerProcess hanging = rig.runUntilEmpty();
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> !hung.messageIds()
                    .isEmpty());

            WorkerProcess other = rig.runUntilEmpty();

            for (WorkerProcess worker : List.of(other, hanging)) {
                assertThat(worker.exitCode()).as(worker.output()).isZero();
                assertThat(worker.summary().duplicates())
                        .as("stored after the visibility timeout was over")
                        .isZero();
            }
            assertThat(rig.deliveries().redelivered()).as("delivered again").isEqualTo(hung.messageIds());
            Checker.of(rig, 100).check();
        }
    }

    // --- 40, 44: receive counts and groups that mean nothing

    @Test
    void row40_backlogThatOthersReceivedBefore() {
        try (Rig rig = Rig.withDeadLetters(folder, 30, Rig.MANY_RECEIVES).set("SLUICE_BATCH_MESSAGES", "100")) {
            rig.sabotage(TABLE, 0, "NULL");
            rig.send(1_000);
            finish(rig);
            long statements = rig.attempts(TABLE);
            long deletes = rig.sqs().calls(SqsFaults.DELETE);

            rig.send(1_000);
            rig.otherConsumer().receiveAll(3);
            finish(rig);

            assertThat(rig.attempts(TABLE) - statements)
                    .as("COPY statements, of fresh messages " + statements)
                    .isLessThanOrEqualTo(2 * statements);
            assertThat(rig.sqs().calls(SqsFaults.DELETE) - deletes)
                    .as("delete calls, of fresh messages " + deletes)
                    .isLessThanOrEqualTo(2 * deletes);
            Checker.of(rig, 2_000).check();
        }
    }

    @Test
    void row44_groupsOnAStandardQueue() {
        try (Rig rig = Rig.withDeadLetters(folder, 30, Rig.MANY_RECEIVES).set("SLUICE_CONSUMERS", "1")) {
            rig.sabotage(TABLE, 0, "NULL");
            sendPartlyReceived(rig);
            finish(rig);
            long statements = rig.attempts(TABLE);

            rig.group("tenant");
            sendPartlyReceived(rig);
            finish(rig);

            // A slow machine may gather a hundred in one batch once and in two the next time.
            assertThat(rig.attempts(TABLE) - statements)
                    .as("COPY statements, of messages without a group " + statements)
                    .isLessThanOrEqualTo(statements + 2);
            Checker.of(rig, 200).check();
        }
    }

    /** A hundred, of which every third was received three times before. */
    private static void sendPartlyReceived(Rig rig) {
        rig.send(33);
        rig.otherConsumer().receiveAll(2);
        List<String> before = rig.otherConsumer().takeAll();
        rig.send(67);
        List<String> fresh = rig.otherConsumer().takeAll();
        List<String> mixed = new ArrayList<>(fresh);
        for (int i = 0; i < before.size(); i++) {
            mixed.add(3 * i, before.get(i));
        }
        mixed.forEach(handle -> rig.otherConsumer().giveBack(List.of(handle)));
    }

    // --- 43: SIGTERM while a consumer waits

    @Test
    void row43_sigtermBehindAnIsolatedMessage() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS);
                Gate gate = rig.gate(TABLE, 1)) {
            rig.send(1);
            // Received often, and in hand of a worker that died.
            rig.otherConsumer().receiveAll(2);
            assertThat(rig.runInto("BEFORE_COMMIT").exitCode()).isEqualTo(137);
            WorkerProcess worker = rig.runUntilEmpty();
            gate.awaitWaiting(1);

            Instant draining = terminate(worker);
            gate.open();

            assertThat(worker.exitCodeWithin(GRACE_SECONDS)).as(worker.output()).isZero();
            requireNoPoll(rig, draining);
            Checker.of(rig, 1).check();
        }
    }

    @Test
    void row43_sigtermBehindAnOpenCircuit() {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS).set("SLUICE_BATCH_MESSAGES", "10");
                Gate gate = rig.gate(TABLE, 1)) {
            rig.send(100);
            WorkerProcess worker = rig.run();
            gate.awaitWaiting((int) LANES);
            rig.database().down();
            gate.open();
            await().atMost(PATIENCE).until(() -> worker.output().contains("trying again in"));

            Instant draining = terminate(worker);

            assertThat(worker.exitCodeWithin(GRACE_SECONDS)).as(worker.output()).isZero();
            requireNoPoll(rig, draining);
            rig.database().up();
            finish(rig);
            Checker.of(rig, 100).check();
        }
    }

    // --- 45: short answers with backlog

    @ParameterizedTest
    @ValueSource(strings = {"nine", "random"})
    void row45_shortAnswersWithBacklog(String how) {
        Random random = new Random(45_001);
        IntUnaryOperator granted =
                how.equals("nine") ? asked -> Math.min(asked, 9) : asked -> random.nextInt(1, asked + 1);
        try (Rig rig = Rig.open(folder, 30).set("SLUICE_CONSUMERS", "1")) {
            rig.sabotage(TABLE, 0, "NULL");
            rig.sqs().on(SqsFaults.RECEIVE, ReceiveFaults.shortAnswers(granted, rig.deliveries()));
            rig.send(1_000);

            finish(rig);

            assertThat(rig.attempts(TABLE)).as("COPY statements").isLessThanOrEqualTo(20);
            Checker.of(rig, 1_000).check();
        }
    }

    // ---

    /** Answers when it has said that it drains. */
    private static Instant terminate(WorkerProcess worker) {
        worker.signal("TERM");
        await().atMost(PATIENCE).until(() -> worker.output().contains("draining"));
        return Instant.now();
    }

    private static void requireNoPoll(Rig rig, Instant draining) {
        assertThat(rig.sqs().calls(SqsFaults.RECEIVE, draining))
                .as("receive calls begun after SIGTERM")
                .isZero();
    }

    private static void awaitCalls(Rig rig, String operation, int calls) {
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.sqs().calls(operation) >= calls);
    }

    private static WorkerProcess finish(Rig rig) {
        WorkerProcess last = rig.runUntilEmpty();
        assertThat(last.exitCode()).as(last.output()).isZero();
        return last;
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration).atMost(duration.plusSeconds(60)).until(() -> true);
    }
}
