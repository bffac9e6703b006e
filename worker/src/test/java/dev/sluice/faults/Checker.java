package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Canary;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The promise, as it is held against what a row of the matrix left behind: everything sent is exactly one row or one
 * quarantine record, or a dead letter if the row says so; the queue is empty; no worker has printed a clear value; the
 * counters of every worker that ended in order are balanced.
 */
final class Checker {

    private static final List<Canary> CANARIES = List.of(new Canary(Rig.CANARY_IP), new Canary(Rig.CANARY_DEVICE));

    private static final int SAMPLES = 3;
    private static final Duration BETWEEN = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Rig rig;
    private final int processed;
    private Set<String> deadLetters = Set.of();
    private int records = 1;

    private Checker(Rig rig, int processed) {
        this.rig = rig;
        this.processed = processed;
    }

    /** @param processed how many messages must have been processed, neither more nor less */
    static Checker of(Rig rig, int processed) {
        return new Checker(rig, processed);
    }

    /** These, and no others, must lie in the dead-letter queue. */
    Checker deadLetters(Set<String> keys) {
        this.deadLetters = keys;
        return this;
    }

    /**
     * Each message is an array of so many records. Each of them is one row, its user_id the message's key, a dot and
     * whatever tells it from the others; or all are in the quarantine. The database counts: they are too many to fetch.
     */
    Checker arraysOf(int records) {
        this.records = records;
        return this;
    }

    void check() {
        requireEmptyQueue();
        if (records == 1) {
            requireEachOnce();
        } else {
            requireEachRecordOnce();
        }
        assertThat(rig.keysOf(rig.deadLetters())).as("dead letters").isEqualTo(deadLetters);
        rig.workers().forEach(Checker::requirePrivacy);
        assertThat(rig.workers().stream().filter(WorkerProcess::hasBalance).map(WorkerProcess::summary))
                .as("counters")
                .allMatch(WorkerProcess.Balance::isEven);
    }

    private void requireEmptyQueue() {
        AtomicInteger empty = new AtomicInteger();
        await("empty queue").atMost(PATIENCE).pollInterval(BETWEEN).until(() -> {
            empty.set(rig.depth().equals(List.of(0, 0, 0)) ? empty.get() + 1 : 0);
            return empty.get() == SAMPLES;
        });
    }

    private void requireEachOnce() {
        List<String> rows = rig.query("SELECT user_id FROM public.user_logins");
        List<String> quarantined = rig.query("SELECT message_id FROM sluice.quarantine");
        assertThat(rows).as("rows").doesNotHaveDuplicates();
        assertThat(quarantined).as("quarantine").doesNotHaveDuplicates();
        Set<String> quarantinedKeys = rig.keysOf(quarantined);
        assertThat(rows).as("rows and quarantine").doesNotContainAnyElementsOf(nonEmpty(quarantinedKeys));
        Set<String> found = new HashSet<>(rows);
        found.addAll(quarantinedKeys);
        Set<String> expected = rig.sent();
        expected.removeAll(deadLetters);
        assertThat(found).as("what was sent").isEqualTo(expected).hasSize(processed);
    }

    private void requireEachRecordOnce() {
        Set<String> found = new HashSet<>(
                rig.query("SELECT split_part(user_id, '.', 1) FROM public.user_logins GROUP BY 1" + all("user_id")));
        found.addAll(
                rig.keysOf(rig.query("SELECT message_id FROM sluice.quarantine GROUP BY 1" + all("record_index"))));
        Set<String> expected = rig.sent();
        expected.removeAll(deadLetters);
        assertThat(found).as("messages that are complete").isEqualTo(expected).hasSize(processed);
        assertThat(rig.query(
                        "SELECT (SELECT count(*) FROM public.user_logins) + (SELECT count(*) FROM sluice.quarantine)"))
                .as("nothing else")
                .containsExactly(Long.toString((long) records * processed));
    }

    private String all(String key) {
        return " HAVING count(*) = " + records + " AND count(DISTINCT " + key + ") = " + records;
    }

    // AssertJ refuses to look for nothing.
    private static Set<String> nonEmpty(Set<String> keys) {
        return keys.isEmpty() ? Set.of("none") : keys;
    }

    private static void requirePrivacy(WorkerProcess worker) {
        String output = worker.output();
        assertThat(CANARIES.stream().map(canary -> canary.isIn(output)))
                .as("clear values in a worker's output")
                .containsOnly(false);
    }
}
