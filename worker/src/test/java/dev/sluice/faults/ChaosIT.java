package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Every batch takes a while, so that there is a time at which a fault meets work in progress. */
    private static final String SLOWLY = "PERFORM pg_sleep(0.1)";

    @TempDir
    private Path folder;

    // --- 7 to 11: the process

    @ParameterizedTest
    @ValueSource(longs = {7_101, 7_202, 7_303})
    void row07_killSoak(long seed) {
        try (Rig rig = Rig.open(folder, VISIBILITY_SECONDS).set("SLUICE_BATCH_MESSAGES", "100")) {
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
        try (Rig rig = Rig.open(folder, 60).set("SLUICE_BATCH_MESSAGES", "10")) {
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
                assertThat(worker.exitCode()).as(worker.output()).isZero();
                assertThat(worker.balance().duplicates()).as("round " + round).isZero();
                assertThat(rig.depth()).isEqualTo(List.of(Math.toIntExact(sent - rig.rows()), 0, 0));
            }
            rig.endSabotage("public.user_logins");
            assertThat(rig.set("SLUICE_BATCH_MESSAGES", "1000").runUntilEmpty().exitCode())
                    .isZero();
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

    /** An array of as many records as are allowed: small on the queue, too large for this heap once it is taken apart. */
    @Test
    void row11_outOfMemoryOnOneMessage() {
        try (Rig rig = Rig.withDeadLetters(folder, 2, 5)) {
            rig.send(10);
            Rig.Event culprit = rig.body("[" + "{},".repeat(65_000) + "{}]");
            rig.send(List.of(culprit));
            rig.send(10);

            boolean done = false;
            for (int life = 0; life < 10 && !done; life++) {
                WorkerProcess worker = rig.runIn(List.of("-Xmx40m", "-XX:+ExitOnOutOfMemoryError"), "--until-empty");
                done = worker.exitCode() == 0;
            }

            assertThat(rig.workers().size()).as("it did run out of memory").isGreaterThan(1);
            Checker.of(rig, 20).deadLetters(Set.of(culprit.key())).check();
        }
    }

    // --- 17 to 22: the database

    @Test
    void row17_blackHole() {
        try (Rig rig = underLoad(Rig.open(folder, VISIBILITY_SECONDS), 200)) {
            WorkerProcess worker = rig.runUntilEmpty();
            awaitRows(rig);

            rig.database().blackHole();
            // Longer than the socket timeout: the worker must notice by itself, no FIN tells it.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> worker.output().contains("Trying again")
                            || worker.output().contains("SQLSTATE"));
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
            pause(Duration.ofSeconds(4 * VISIBILITY_SECONDS));
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
        try (Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 6).set("SLUICE_LANES", "1")) {
            rig.sabotage("public.user_logins", 3, "RAISE EXCEPTION 'storm' USING ERRCODE = '" + state + "'");
            rig.send(50);
            rig.sendBad(1);

            WorkerProcess worker = rig.runUntilEmpty();

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(worker.balance().quarantined()).as("only the bad one").isEqualTo(1);
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
            pause(Duration.ofSeconds(2 * VISIBILITY_SECONDS));
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
            rig.sqs().heal();

            assertThat(calls).as("no hot loop on answers that come at once").isLessThan(100);
            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 100).check();
        }
    }

    // --- 31: memory

    /** 400 MB through a heap of 256 MB; the matrix's 10 GB do not fit the emulator's memory. */
    @Test
    void row31_largeBodiesInASmallHeap() {
        String padding = "x".repeat(200_000);
        try (Rig rig = Rig.open(folder, 30)) {
            List<Rig.Event> events = new ArrayList<>();
            IntStream.range(0, 2_000).forEach(i -> {
                Rig.Event event = rig.event("android");
                events.add(new Rig.Event(
                        event.key(), event.body().replaceFirst("\\{", "{\"padding\":\"" + padding + "\",")));
                if (events.size() == 4) { // a batch of SendMessageBatch is at most 1 MiB
                    rig.send(events);
                    events.clear();
                }
            });

            WorkerProcess worker = rig.runIn(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"), "--until-empty");

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            Checker.of(rig, 2_000).check();
        }
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

    private static void finish(Rig rig) {
        WorkerProcess last = rig.runUntilEmpty();
        assertThat(last.exitCode()).as(last.output()).isZero();
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration).atMost(duration.plusSeconds(60)).until(() -> true);
    }
}
