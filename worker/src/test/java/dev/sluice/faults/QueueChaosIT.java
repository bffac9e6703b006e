package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of {@link QueueFaultsIT} that take long, or load the machine: {@code mvn verify -Pchaos}. */
@Tag("chaos")
class QueueChaosIT {

    /** The JVM's exit code under ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int VISIBILITY_SECONDS = 30;

    @TempDir
    private Path folder;

    // --- 38: small on the queue, large in memory

    /** About 117 KB each on the queue, a million bytes unpacked, half a million records in all. */
    @Test
    void row38_packedArraysInASmallHeap() {
        Random random = new Random(38_001);
        try (Rig rig = rig().source(Rig.PACKED)) {
            for (int sent = 0; sent < 100; sent += 5) {
                rig.send(IntStream.range(0, 5)
                        .mapToObj(i -> Rig.packed(rig.array(5_000, () -> hex(random, 12))))
                        .toList());
            }
            runInSmallHeap(rig);
            Checker.of(rig, 100).arraysOf(5_000).check();
        }
    }

    /** As many records as a message may hold, and nearly as many bytes unpacked. */
    @Test
    void row38_largestArraysInASmallHeap() {
        try (Rig rig = rig().source(Rig.PACKED)) {
            for (int sent = 0; sent < 8; sent++) {
                rig.send(List.of(rig.largestArray()));
            }
            runInSmallHeap(rig);
            Checker.of(rig, 8).arraysOf(65_536).check();
        }
    }

    /** 180 KB each, and every record of it goes to the quarantine. */
    @Test
    void row38_rejectedRecordsInASmallHeap() {
        String body = "[" + "{},".repeat(59_999) + "{}]";
        try (Rig rig = rig()) {
            for (int sent = 0; sent < 10; sent += 5) {
                rig.send(IntStream.range(0, 5).mapToObj(i -> rig.body(body)).toList());
            }
            runInSmallHeap(rig);
            Checker.of(rig, 10).arraysOf(60_000).check();
        }
    }

    private Rig rig() {
        return Rig.withDeadLetters(folder, VISIBILITY_SECONDS, 5);
    }

    private static void runInSmallHeap(Rig rig) {
        WorkerProcess worker = rig.runIn(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"), "--until-empty");
        assertThat(worker.exitCode()).as(worker.output()).isZero();
    }

    private static String hex(Random random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    // --- 40: a message that kills, among many that were received before

    @Test
    void row40_culpritAmongManyRedeliveredMessages() {
        try (Rig rig = Rig.withDeadLetters(folder, 2, 5 + 2).source(Rig.PACKED)) {
            rig.sendPacked(100);
            Rig.Event culprit = rig.largestArray();
            rig.send(List.of(culprit));
            rig.sendPacked(100);
            rig.otherConsumer().receiveAll(2);

            int deaths = 0;
            WorkerProcess worker = runInTinyHeap(rig);
            while (worker.exitCode() == OUT_OF_MEMORY) {
                deaths++;
                worker = runInTinyHeap(rig);
            }

            assertThat(worker.exitCode()).as(worker.output()).isZero();
            assertThat(deaths).as("also of the culprit alone").isPositive();
            Checker.of(rig, 200).deadLetters(Set.of(culprit.key())).check();
        }
    }

    private static WorkerProcess runInTinyHeap(Rig rig) {
        return rig.runIn(List.of("-Xmx48m", "-XX:+ExitOnOutOfMemoryError"), "--until-empty");
    }
}
