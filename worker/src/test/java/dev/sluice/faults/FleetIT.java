package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.PgBouncer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many workers on one queue and one database: more of them, fewer of them, killed and ended under load. Each batch takes the
 * table a while, so that it is not the processors of one machine that they share. What it prints are figures, not limits.
 */
@Tag("chaos")
class FleetIT {

    private static final int VISIBILITY_SECONDS = 5;
    private static final int BATCH = 20;
    private static final String SLOWLY = "PERFORM pg_sleep(0.2)";

    /** So many wait while the fleet is looked at: some seconds of its work. */
    private static final int BACKLOG = 6_000;

    private static final int PART = 200;
    private static final int BAD_OF_PART = 2;
    private static final int MOST = 4;
    private static final int ROUNDS = 6;
    private static final long SEED = 13_004;

    /** Of PostgreSQL, for all workers together: fewer than they have connections. */
    private static final int SESSIONS = 3;

    /** Of even shares; a busy machine favours the one whose code is compiled first. */
    private static final double FAIR = 0.5;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final long GRACE_SECONDS = 60;

    @TempDir
    private Path folder;

    private volatile boolean fed;
    private final List<WorkerProcess> running = new ArrayList<>();

    @Test
    void moreWorkersStoreMoreAndShareEvenly() {
        try (Rig rig = slowTable()) {
            CompletableFuture<Integer> sent = feed(rig);
            double alone = rate(rig, start(rig, 1));
            double two = rate(rig, start(rig, 1));
            double four = rate(rig, start(rig, 2));
            System.out.printf(Locale.ROOT, "fleet: 1, 2, 4 workers: %.0f, %.0f, %.0f messages/s%n", alone, two, four);

            comeAndGo(rig, sent);

            assertThat(two).as("two, of one's rate").isGreaterThan(1.3 * alone);
            assertThat(four).as("four, of one's rate").isGreaterThan(2 * alone);
        }
    }

    @Test
    void workersThatShareFewSessionsKeepExactBooksToo() {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed");
        try (Rig rig = slowTable().pooled(SESSIONS)) {
            CompletableFuture<Integer> sent = feed(rig);
            start(rig, MOST);

            comeAndGo(rig, sent);

            assertThat(rig.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sluice'"))
                    .as("sessions of PostgreSQL")
                    .allSatisfy(count -> assertThat(Integer.parseInt(count)).isLessThanOrEqualTo(SESSIONS));
        }
    }

    private Rig slowTable() {
        Rig rig = Rig.withDeadLetters(folder, VISIBILITY_SECONDS, Rig.MANY_RECEIVES)
                .set("SLUICE_BATCH_MESSAGES", Integer.toString(BATCH));
        rig.sabotage("public.user_logins", Integer.MAX_VALUE, SLOWLY);
        return rig;
    }

    /** Keeps a backlog until {@link #fed}; answers how many messages it has sent by then. */
    private CompletableFuture<Integer> feed(Rig rig) {
        return CompletableFuture.supplyAsync(() -> {
            int sent = 0;
            while (!fed) {
                if (rig.depth().getFirst() < BACKLOG) {
                    rig.send(PART - BAD_OF_PART);
                    rig.sendBad(BAD_OF_PART);
                    sent += PART;
                } else {
                    pause(LOOK);
                }
            }
            return sent;
        });
    }

    /** Starts so many more, and waits until each that runs has stored something. */
    private Map<String, Integer> start(Rig rig, int more) {
        for (int i = 0; i < more; i++) {
            running.add(rig.run());
        }
        await("messages of every worker").atMost(PATIENCE).pollInterval(LOOK).until(() -> running.stream()
                .allMatch(worker -> rig.deliveries().deletedBy().containsKey(worker.name())));
        return rig.deliveries().deletedBy();
    }

    /** Messages per second of all workers while none comes or goes; each must have its share of them. */
    private double rate(Rig rig, Map<String, Integer> before) {
        Instant began = Instant.now();
        pause(WINDOW);
        Map<String, Integer> after = rig.deliveries().deletedBy();
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
        List<Integer> done = running.stream()
                .map(worker -> after.getOrDefault(worker.name(), 0) - before.getOrDefault(worker.name(), 0))
                .toList();
        int all = done.stream().mapToInt(Integer::intValue).sum();
        System.out.println("fleet: shares of " + all + " messages: " + done);
        assertThat(rig.depth().getFirst()).as("what waits meanwhile").isPositive();
        assertThat(done).as("messages of each").allMatch(one -> one > FAIR * all / running.size());
        return all / seconds;
    }

    /** Kills one or ends one, and starts another, again and again; then lets them finish, and checks everything. */
    private void comeAndGo(Rig rig, CompletableFuture<Integer> sent) {
        Random random = new Random(SEED);
        int most = running.size();
        for (int round = 0; round < ROUNDS; round++) {
            WorkerProcess victim = running.remove(random.nextInt(running.size()));
            boolean isKilled = round % 2 == 0;
            victim.signal(isKilled ? "KILL" : "TERM");
            int exitCode = victim.exitCodeWithin(GRACE_SECONDS);
            assertThat(exitCode).as(victim.output()).isEqualTo(isKilled ? 137 : 0);
            start(rig, most - running.size());
            pause(Duration.ofMillis(random.nextInt(2_000)));
        }
        fed = true;
        int messages = sent.join();
        WorkerProcess last = rig.runUntilEmpty();
        assertThat(last.exitCodeWithin(2 * PATIENCE.toSeconds()))
                .as(last.output())
                .isZero();
        running.forEach(worker -> worker.signal("TERM"));
        running.forEach(worker -> assertThat(worker.exitCodeWithin(GRACE_SECONDS))
                .as(worker.output())
                .isZero());
        int again = rig.deliveries().redelivered().size();
        System.out.println("fleet: " + again + " of " + messages + " messages came again because of a kill");
        assertThat(again).as("came again").isPositive();
        Checker.of(rig, messages).check();
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration)
                .pollInterval(Duration.ofMillis(10))
                .atMost(duration.plusSeconds(60))
                .until(() -> true);
    }
}
