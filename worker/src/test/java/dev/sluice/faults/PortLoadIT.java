package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.faults.LoadedWorker.Effort;
import dev.sluice.faults.LoadedWorker.Open;
import dev.sluice.http.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the ports cost a worker that is busy all the time. Prints figures; what fails a build is only what must hold at any
 * speed. Two ways to run take turns on one warm worker, so that what the machine does meanwhile meets both alike.
 */
@Tag("chaos")
class PortLoadIT {

    /** Of a round: CPU time is counted in hundredths of a second. */
    private static final int MESSAGES = 50_000;

    private static final int ROUNDS = 6;
    private static final int WARM_UP_ROUNDS = 3;

    /** Of every document: compiled, as in a worker that has been polled for an hour. */
    private static final int WARM_UP_POLLS = 1_000;

    private static final int STUCK_PER_PORT = 200;
    private static final int SCRAPES = 200;

    @TempDir
    private Path folder;

    private Rig rig;
    private LoadedWorker worker;
    private int sent;

    @BeforeEach
    void start() throws IOException {
        rig = Rig.open(folder, 120).set("SLUICE_HEALTH_PORT", "0").set("SLUICE_CONSOLE_PORT", "0");
        worker = LoadedWorker.start(rig.withoutProxy(), folder.resolve("err").toFile());
        PortPolls.askOften(worker.open(), WARM_UP_POLLS);
        worker.shut();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            runPolled();
        }
    }

    @AfterEach
    void stop() {
        worker.close();
        rig.close();
    }

    private Effort run() {
        rig.send(MESSAGES);
        sent += MESSAGES;
        return worker.run(MESSAGES);
    }

    @Test
    void openPortsCostLittleCpu() {
        Rounds closed = new Rounds("both ports closed");
        Rounds polled = new Rounds("both ports open and polled");

        for (int round = 0; round < ROUNDS; round++) {
            inTurns(round, () -> closed.add(run()), () -> polled.add(runPolled()));
        }

        print(closed, polled, "us of CPU per message", Effort::cpuMicrosPerMessage);
        print(closed, polled, "messages per second", Effort::messagesPerSecond);
        Checker.of(rig, sent).check();
    }

    /** The first of a pair finds the worker a little less warm: each way comes first as often as the other. */
    private static void inTurns(int round, Runnable one, Runnable other) {
        List.of(round % 2 == 0 ? one : other, round % 2 == 0 ? other : one).forEach(Runnable::run);
    }

    private Effort runPolled() {
        try (PortPolls polls = new PortPolls(worker.open())) {
            Effort effort = run();
            assertThat(polls.answered()).isPositive();
            assertThat(polls.failures()).isEmpty();
            return effort;
        } finally {
            worker.shut();
        }
    }

    @Test
    void row34_stuckConnectionsDoNotSlowTheStream() {
        Open ports = worker.open();
        Rounds without = new Rounds("no stuck connections");
        Rounds with = new Rounds("2 x " + STUCK_PER_PORT + " stuck connections");

        for (int round = 0; round < ROUNDS; round++) {
            inTurns(round, () -> without.add(run()), () -> with.add(runBesideStuckPeers(ports)));
        }

        print(without, with, "messages per second", Effort::messagesPerSecond);
        Checker.of(rig, sent).check();
    }

    private Effort runBesideStuckPeers(Open ports) {
        StuckPeers health = new StuckPeers(ports.health(), STUCK_PER_PORT);
        StuckPeers console = new StuckPeers(ports.console(), STUCK_PER_PORT);
        Effort effort;
        try (health;
                console;
                PortPolls polls = new PortPolls(ports)) {
            effort = run();
            assertThat(polls.answered()).isPositive();
            assertThat(polls.failures()).isEmpty();
        }
        for (StuckPeers peers : List.of(health, console)) {
            assertThat(peers.surprises()).isEmpty();
            assertThat(peers.closed()).isGreaterThanOrEqualTo(STUCK_PER_PORT * 3 / 4);
        }
        return effort;
    }

    @Test
    void aScrapeIsQuick() throws IOException {
        int health = worker.open().health();
        Duration before = worker.cpu();
        print("a scrape of an idle worker", scrapes(health));
        Duration cpu = worker.cpu().minus(before);
        System.out.printf(Locale.ROOT, "%-32s %8.2f ms of CPU each%n", "", cpu.toNanos() / 1e6 / SCRAPES);
        rig.send(2 * MESSAGES);
        sent += 2 * MESSAGES;

        CompletableFuture<Effort> run = CompletableFuture.supplyAsync(() -> worker.run(2 * MESSAGES));
        double[] busy = scrapes(health);

        assertThat(run).as("the worker was busy all the time").isNotDone();
        print("a scrape of a busy worker", busy);
        run.join();
        Checker.of(rig, sent).check();
    }

    private static double[] scrapes(int port) throws IOException {
        double[] millis = new double[SCRAPES];
        for (int i = 0; i < SCRAPES; i++) {
            long began = System.nanoTime();
            assertThat(Wire.get(port, "/metrics").body()).contains("sluice_records_total");
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    private static void print(String what, double[] sorted) {
        System.out.printf(
                Locale.ROOT, "%-32s %8.1f ms, p99 %.1f ms%n", what, sorted[SCRAPES / 2], sorted[SCRAPES * 99 / 100]);
    }

    /** The difference is the median of the pairs': what slows the machine for a while slows both of a pair. */
    private static void print(Rounds one, Rounds other, String unit, ToDoubleFunction<Effort> figure) {
        List<Double> ratios = IntStream.range(0, ROUNDS)
                .mapToObj(i -> figure.applyAsDouble(other.efforts.get(i)) / figure.applyAsDouble(one.efforts.get(i)))
                .toList();
        System.out.println(one.text(unit, figure));
        System.out.println(other.text(unit, figure));
        System.out.printf(Locale.ROOT, "%-32s %+8.1f %%%n", "difference", 100 * (median(ratios) - 1));
    }

    private static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** One of the two ways to run. */
    private static final class Rounds {

        private final String what;
        private final List<Effort> efforts = new ArrayList<>();

        private Rounds(String what) {
            this.what = what;
        }

        private void add(Effort effort) {
            efforts.add(effort);
        }

        private String text(String unit, ToDoubleFunction<Effort> figure) {
            List<Double> figures = efforts.stream().map(figure::applyAsDouble).toList();
            String all = figures.stream()
                    .map(one -> String.format(Locale.ROOT, "%.1f", one))
                    .collect(Collectors.joining(" "));
            return String.format(Locale.ROOT, "%-32s %8.1f %s, median of %s", what, median(figures), unit, all);
        }
    }
}
