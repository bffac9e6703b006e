package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of the fault matrix that take long, or load the machine: {@code mvn verify -Pchaos}. Named as in {@link FaultMatrixIT}. */
@Tag("chaos")
class ChaosIT {

    private static final int VISIBILITY_SECONDS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Every batch takes a while, so that there is a time at which a fault meets work in progress. */
    private static final String SLOWLY = "PERFORM pg_sleep(0.1)";

    /** What docs/operate.md advises for a supervisor's grace period. */
    private static final long GRACE_SECONDS = 60;

    /** Of 200 KB each: 2.5 GB, ten times the heap. Beside other tests the emulator takes 12 a second. */
    private static final int LARGE_BODIES = 12_500;

    /** A call of SendMessageBatch takes 1 MiB. */
    private static final int LARGE_BODIES_A_CALL = 5;

    /** Consumers, unless set otherwise. */
    private static final long LANES = 2;

    /** The most batches in flight, of which each has been received by one call: a batch has ten messages here. */
    private static final long MOST_BATCHES = 16;

    /** The JVM's exit code under ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;

    @TempDir
    private Path folder;

    // --- 7 to 11: the process

    @ParameterizedTest
    @ValueSource(longs = {7_101, 7_202, 7_303})
    void row07_killSoak(long seed) {
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, Rig.MANY_RECEIVES)
                .set("SLUICE_BATCH_MESSAGES", "100")) {
            // A second a batch, so that whoever is killed has something in hand.
            rig.sabotage("public.user_logins", Integer.MAX_VALUE, "PERFORM pg_sleep(1)");
            new Soak(seed, 20, 10_000).play(rig, "TERM");
            Checker.of(rig, 10_000).check();
        }
    }

    @Test
    void row08_sigtermFiftyTimesUnderLoad() {
        long seed = 8_001;
        System.out.println("row 8: seed " + seed);
        Random random = new Random(seed);
        try (Rig rig = Rig.withDeadLetters(folder, 60, Rig.MANY_RECEIVES).set("SLUICE_BATCH_MESSAGES", "10")) {
            rig.sabotage("public.user_logins", Integer.MAX_VALUE, "PERFORM pg_sleep(0.03)");
            int sent = 0;
            for (int round = 0; round < 50; round++) {
                rig.send(400);
                sent += 400;
                WorkerProcess worker = rig.run();
                long before = rig.rows();
                await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.rows() > before);
                pause(Duration.ofMillis(random.nextInt(300)));
                worker.signal("TERM");
                assertThat(worker.exitCodeWithin(GRACE_SECONDS))
                        .as(worker.output())
                        .isZero();
                assertThat(worker.summary().duplicates())
                        .as("no committed message came again, round " + round)
                        .isZero();
                assertThat(rig.depth())
                        .as("unread messages are visible at once")
                        .isEqualTo(List.of(Math.toIntExact(sent - rig.rows()), 0, 0));
            }
            rig.endSabotage("public.user_logins");
            WorkerProcess last = rig.set("SLUICE_BATCH_MESSAGES", "1000").runUntilEmpty();
            assertThat(last.exitCode()).as(last.output()).isZero();
            assertThat(last.summary().duplicates()).isZero();
            Checker.of(rig, sent).check();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void row09_sigtermThenAnotherSignal(String second) {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess worker = rig.run();
            awaitRows(rig);

            worker.signal("TERM");
            worker.signal(second);

            assertThat(worker.exitCode())
                    .as(worker.output())
                    .isIn(second.equals("KILL") ? Set.of(137) : Set.of(143, 0));
            finish(rig);
            Checker.of(rig, 200).check();
        }
    }

    @Test
    void row10_stoppedBeyondVisibilityThenContinued() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess stopped = rig.runUntilEmpty();
            awaitRows(rig);

            stopped.signal("STOP");
            WorkerProcess other = rig.runUntilEmpty();
            pause(Duration.ofSeconds(2 * VISIBILITY_SECONDS));
            stopped.signal("CONT");

            assertThat(other.exitCode()).as(other.output()).isZero();
            assertThat(stopped.exitCode()).as(stopped.output()).isZero();
            Checker.of(rig, 200).check();
        }
    }

    /**
     * The largest message there is, once it is unpacked: small on the queue, too large for this heap, though half the heap is
     * enough for its neighbours.
     */
    @Test
    void row11_outOfMemoryOnOneMessage() {
        try (Rig rig = Rig.withDeadLetters(folder, 2, 5).source(Rig.PACKED)) {
            rig.sendPacked(10);
            Rig.Event culprit = rig.largestArray();
            rig.send(List.of(culprit));
            rig.sendPacked(10);

            int deaths = 0;
            WorkerProcess worker = runInSmallHeap(rig);
            while (worker.exitCode() == OUT_OF_MEMORY) {
                deaths++;
                worker = runInSmallHeap(rig);
            }

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            // With each receive, but for one that is answered when nobody listens any more.
            assertThat(deaths).as("also of the culprit alone").isBetween(3, 5);
            Checker.of(rig, 20).deadLetters(Set.of(culprit.key())).check();
        }
    }

    private static WorkerProcess runInSmallHeap(Rig rig) {
        return rig.runIn(List.of("-Xmx48m", "-XX:+ExitOnOutOfMemoryError"), "--until-empty");
    }

    // --- 17 to 22: the database

    @Test
    void row17_blackHole() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);

            rig.database().blackHole();
            Instant black = Instant.now();
            // Longer than the socket timeout: the worker must notice by itself, no FIN tells it.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> worker.output().contains("Trying again")
                            || worker.output().contains("SQLSTATE"));
            requireOneReceivePerBatch(rig, black);
            rig.database().light();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 200).check();
        }
    }

    @Test
    void row17_connectionsReset() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);

            rig.database().reset();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 200).check();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency", "trickle", "cut"})
    void row18_slowOrChoppedConnections(String how) {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 100)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);
            switch (how) {
                case "latency" -> rig.database().latency(Duration.ofMillis(200));
                case "trickle" -> rig.database().trickle(20_000);
                default -> {
                    rig.database().cutAfter(3_000);
                    rig.database().reset();
                    pause(Duration.ofSeconds(5));
                    rig.database().free();
                    rig.database().reset();
                }
            }
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 100).check();
        }
    }

    @Test
    void row19_failoverToReadOnly() {
        try (Rig rig = underLoad(Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 3), 200)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);
            String name = rig.query("SELECT current_database()").getFirst();

            rig.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            rig.database().reset();
            Instant readOnly = Instant.now();
            pause(Duration.ofSeconds(4 * VISIBILITY_SECONDS));
            requireOneReceivePerBatch(rig, readOnly);
            assertThat(worker.isAlive()).as(worker.output()).isTrue();
            rig.execute("ALTER DATABASE " + name + " RESET default_transaction_read_only");
            rig.database().reset();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 200).check();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void row20_serializationAndDeadlockStorms(String state) {
        transientStorm(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"53100", "53300", "55P03", "57014", "58030"})
    void row21_diskConnectionsTimeouts(String state) {
        transientStorm(state);
    }

    private void transientStorm(String state) {
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 6).set("SLUICE_CONSUMERS", "1")) {
            rig.sabotage("public.user_logins", 3, "RAISE EXCEPTION 'storm' USING ERRCODE = '" + state + "'");
            rig.send(50);
            rig.sendBad(1);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().quarantined()).as("only the bad one").isEqualTo(1);
            assertThat(rig.attempts("public.user_logins")).isGreaterThanOrEqualTo(4);
            Checker.of(rig, 51).check();
        }
    }

    /** 42*: the circuit opens and the worker waits; or it ends, and another finds everything on the queue. Nothing is quarantined. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "REVOKE INSERT ON public.user_logins FROM guest",
                "ALTER TABLE public.user_logins RENAME locale TO lokale"
            })
    void row22_permissionOrSchemaDrift(String drift) {
        try (Rig rig = underLoad(Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 4), 200)) {
            asGuest(rig);
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);

            rig.execute(drift);
            Instant drifted = Instant.now();
            pause(Duration.ofSeconds(2 * VISIBILITY_SECONDS));
            requireOneReceivePerBatch(rig, drifted);
            rig.execute(
                    drift.startsWith("REVOKE")
                            ? "GRANT INSERT ON public.user_logins TO guest"
                            : "ALTER TABLE public.user_logins RENAME lokale TO locale");

            if (worker.exitCode() != 0) {
                finish(rig);
            }
            Checker.of(rig, 200).check();
            assertThat(rig.query("SELECT reason FROM sluice.quarantine")).isEmpty();
        }
    }

    private static void asGuest(Rig rig) {
        rig.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guest') THEN"
                + " CREATE ROLE guest LOGIN; END IF; END $$;"
                + "GRANT USAGE ON SCHEMA sluice TO guest;"
                + "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sluice, public TO guest;"
                + "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sluice TO guest");
        rig.databaseUser("guest");
    }

    // --- 25, 26, 28: the queue

    @ParameterizedTest
    @ValueSource(strings = {"ExpiredToken", "AccessDeniedException"})
    void row25_credentialsExpiredOrDenied(String code) {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess worker = rig.run();
            awaitRows(rig);

            rig.sqs().onEvery(SqsFaults.error(403, code));

            assertThat(worker.exitCode()).as(worker.output()).isEqualTo(77);
            rig.sqs().heal();
            finish(rig);
            Checker.of(rig, 200).check();
        }
    }

    @Test
    void row26_queueMissingAtStartOrDeletedWhileRunning() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 100)) {
            rig.sqs().on("GetQueueUrl", SqsFaults.error(400, "QueueDoesNotExist"));
            WorkerProcess never = rig.run();
            assertThat(never.exitCode()).as(never.output()).isEqualTo(78);
            rig.sqs().heal();
            WorkerProcess worker = rig.run();
            awaitRows(rig);

            rig.sqs().onEvery(SqsFaults.error(400, "QueueDoesNotExist"));

            assertThat(worker.exitCode()).as(worker.output()).isEqualTo(78);
            // It comes back with what was in it: nothing that was in hand has been lost.
            rig.sqs().heal();
            finish(rig);
            Checker.of(rig, 100).check();
        }
    }

    @Test
    void row28_emptyReceivesWithBacklog() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 100)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);

            rig.sqs().on(SqsFaults.RECEIVE, SqsFaults.emptyReceive());
            Instant since = Instant.now();
            pause(Duration.ofSeconds(5));
            long calls = rig.sqs().calls(SqsFaults.RECEIVE, since);
            long seconds = Duration.between(since, Instant.now()).toSeconds();
            rig.sqs().heal();

            assertThat(calls)
                    .as("a consumer asks once a second when answers come at once")
                    .isBetween(1L, LANES * (seconds + 1));
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 100).check();
        }
    }

    // --- 27: the clock

    /** Of AWS only: calls signed with a clock that is more than about 15 minutes off are refused. The emulator takes them. */
    @Test
    void row27_clocksWrongAndPutBackUnderLoad() {
        Optional<Path> library = FakeClock.library();
        assumeTrue(
                library.isPresent(), "libfaketime is not installed (package faketime): the row of clocks is skipped");
        try (Rig rig = Rig.open(folder, 10).set("SLUICE_BATCH_MESSAGES", "10");
                Gate gate = rig.gate("public.user_logins", 3)) {
            rig.send(290);
            rig.sendBad(10);
            FakeClock stepping = new FakeClock(library.get(), folder.resolve("stepping"), "+0");
            WorkerProcess fast = atWork(rig, new FakeClock(library.get(), folder.resolve("fast"), "+1h"));
            WorkerProcess slow = atWork(rig, new FakeClock(library.get(), folder.resolve("slow"), "-1h"));
            WorkerProcess steps = atWork(rig, stepping);

            assertThat(minutesAhead(rig, steps)).isBetween(-10L, 10L);
            stepping.set("-1h");
            // Seen in the calls that extend its visibility timeout.
            await().atMost(PATIENCE).until(() -> minutesAhead(rig, steps) < -10);
            gate.open();

            for (WorkerProcess worker : List.of(fast, slow, steps)) {
                assertThat(worker.exitCode()).as(worker.output()).isZero();
                assertThat(worker.summary().isEven()).isTrue();
            }
            assertThat(minutesAhead(rig, fast)).isBetween(50L, 70L);
            assertThat(minutesAhead(rig, slow)).isBetween(-70L, -50L);
            assertThat(minutesAhead(rig, steps)).isBetween(-70L, -50L);
            Checker.of(rig, 300).check();
        }
    }

    /**
     * One that has received something. The library makes its start several times slower, on a busy machine too slow to
     * connect in time: then it is started again, as a supervisor would.
     */
    private static WorkerProcess atWork(Rig rig, FakeClock clock) {
        WorkerProcess worker = rig.runBy(clock, "--until-empty");
        for (int starts = 1; !isAtWork(rig, worker) && starts < 5; starts++) {
            worker = rig.runBy(clock, "--until-empty");
        }
        assertThat(worker.isAlive()).as(worker.output()).isTrue();
        return worker;
    }

    private static boolean isAtWork(Rig rig, WorkerProcess worker) {
        await().atMost(PATIENCE)
                .until(() -> !worker.isAlive() || rig.deliveries().hasAny(worker));
        return worker.isAlive();
    }

    private static long minutesAhead(Rig rig, WorkerProcess worker) {
        return Duration.between(Instant.now(), rig.sqs().clockOf(worker)).toMinutes();
    }

    // --- 31: memory

    /** Ten times the heap; never so much on the queue that the emulator's memory is the limit. */
    @Test
    void row31_largeBodiesInASmallHeap() {
        String padding = "x".repeat(200_000);
        try (Rig rig = Rig.withDeadLetters(folder, 30, Rig.MANY_RECEIVES)) {
            rig.sqs().usually(SqsFaults.RECEIVE, SqsProxy.Call::pass); // nobody asks who has what; it takes long
            WorkerProcess worker = rig.runIn(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
            for (int sent = 0; sent < LARGE_BODIES; sent += LARGE_BODIES_A_CALL) {
                if (sent % 100 == 0) {
                    await().atMost(PATIENCE).pollInterval(LOOK).until(() -> !worker.isAlive() || backlog(rig) < 2_000);
                    assertThat(worker.isAlive()).as(worker.output()).isTrue();
                }
                rig.send(IntStream.range(0, LARGE_BODIES_A_CALL)
                        .mapToObj(i -> padded(rig.event("android"), padding))
                        .toList());
            }
            await().atMost(Duration.ofMinutes(5)).until(() -> !worker.isAlive() || backlog(rig) == 0);
            worker.signal("TERM");

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.summary().stored()).isEqualTo(LARGE_BODIES);
            Checker.of(rig, LARGE_BODIES).check();
        }
    }

    private static Rig.Event padded(Rig.Event event, String padding) {
        return new Rig.Event(event.key(), event.body().replaceFirst("\\{", "{\"padding\":\"" + padding + "\","));
    }

    private static int backlog(Rig rig) {
        return rig.depth().stream().mapToInt(Integer::intValue).sum();
    }

    // ---

    private static Rig underLoad(Rig rig, int messages) {
        rig.set("SLUICE_BATCH_MESSAGES", "10");
        rig.sabotage("public.user_logins", Integer.MAX_VALUE, SLOWLY);
        rig.send(messages);
        return rig;
    }

    private static void awaitRows(Rig rig) {
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> rig.rows() > 0);
    }

    /** What was received before anybody knew; while the database does not take rows, nobody receives. */
    private static void requireOneReceivePerBatch(Rig rig, Instant since) {
        assertThat(rig.sqs().calls(SqsFaults.RECEIVE, since))
                .as("receive calls during the outage")
                .isLessThanOrEqualTo(MOST_BATCHES);
    }

    private static void finish(Rig rig) {
        WorkerProcess last = rig.runUntilEmpty();
        assertThat(last.exitCode()).as(last.output()).isZero();
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration).atMost(duration.plusSeconds(60)).until(() -> true);
    }
}
