package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Three workers on one queue, one of them killed every so often and replaced, while messages come in, 2 % of them bad and
 * 5 % delivered twice. The first to be killed has messages in hand by construction, the others as it happens. All that is
 * random comes from the seed, which is printed; what the machine makes of it does not.
 */
final class Soak {

    private static final int WORKERS = 3;
    private static final int PART = 50;
    private static final double BAD = 0.02;
    private static final double TWICE = 0.05;

    /** What no worker should need to receive something, on a machine that does other things too. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Each suspected message is tried alone, for as long as the slowed table takes; several hundred are. */
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(15);

    /** Beyond the time to start, so that a worker is killed at work as well as before it. */
    private static final int LONGEST_LIFE_MILLIS = 5_000;

    private final Random random;
    private final long seed;
    private final int kills;
    private final int messages;

    Soak(long seed, int kills, int messages) {
        this.random = new Random(seed);
        this.seed = seed;
        this.kills = kills;
        this.messages = messages;
    }

    /**
     * Plays it to the end: one more worker runs until the queue is empty.
     *
     * @param lastSignal what ends the others then: TERM lets them balance their counters, after a long poll of 20 s
     */
    void play(Rig rig, String lastSignal) {
        String plan = "soak: seed " + seed + ", " + kills + " kills, " + messages + " messages";
        System.out.println(plan);
        List<Integer> lives = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            lives.add(random.nextInt(LONGEST_LIFE_MILLIS));
        }
        Duration span =
                Duration.ofMillis(lives.stream().mapToInt(Integer::intValue).sum());
        CompletableFuture<Void> firstKill = new CompletableFuture<>();
        CompletableFuture<Void> sender =
                CompletableFuture.runAsync(() -> feed(rig, new Random(seed + 1), span, firstKill));
        List<WorkerProcess> running = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            running.add(rig.run());
        }
        pause(Duration.ofMillis(lives.getFirst()));
        Set<String> inHand = killHolder(rig, running, firstKill);
        for (int life : lives.subList(1, kills)) {
            pause(Duration.ofMillis(life));
            int victim = random.nextInt(WORKERS);
            running.get(victim).signal("KILL");
            running.set(victim, rig.run());
        }
        sender.join();
        WorkerProcess last = rig.runUntilEmpty();
        if (last.exitCodeWithin(LONGEST_DRAIN.toSeconds()) != 0) {
            throw new AssertionError(plan + ": the last worker failed\n" + last.output());
        }
        running.forEach(worker -> worker.signal(lastSignal));
        running.forEach(WorkerProcess::exitCode);
        Set<String> redelivered = rig.deliveries().redelivered();
        System.out.println(plan + ": " + redelivered.size() + " messages came again because of a kill, " + inHand.size()
                + " were in flight in the first one");
        assertThat(redelivered).as(plan + ": came again").containsAnyElementsOf(inHand);
    }

    private static Set<String> killHolder(Rig rig, List<WorkerProcess> running, CompletableFuture<Void> done) {
        try {
            Set<String> inHand = rig.deliveries().killHolder(running, PATIENCE);
            running.replaceAll(worker -> worker.isAlive() ? worker : rig.run());
            return inHand;
        } finally {
            done.complete(null);
        }
    }

    /** In parts, evenly over the time in which workers die; the second half not before the first of them is dead. */
    private void feed(Rig rig, Random choice, Duration span, CompletableFuture<Void> firstKill) {
        Instant began = Instant.now();
        for (int sent = 0; sent < messages; sent += PART) {
            if (sent >= messages / 2) {
                firstKill.join();
            }
            Instant due = began.plus(span.multipliedBy(sent).dividedBy(messages));
            Duration early = Duration.between(Instant.now(), due);
            if (early.isPositive()) {
                pause(early);
            }
            List<Rig.Event> part = new ArrayList<>();
            for (int i = sent; i < Math.min(messages, sent + PART); i++) {
                part.add(choice.nextDouble() < BAD ? rig.bad() : rig.event("android"));
            }
            HashSet<String> twice = new HashSet<>(rig.send(part));
            twice.removeIf(id -> choice.nextDouble() >= TWICE);
            rig.deliveries().deliverAgain(twice);
        }
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration)
                .pollInterval(Duration.ofMillis(10))
                .atMost(duration.plusSeconds(60))
                .until(() -> true);
    }
}
