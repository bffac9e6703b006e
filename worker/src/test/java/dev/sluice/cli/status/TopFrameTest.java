package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TopFrameTest {

    private static final Instant NOW = Statuses.NOW;

    private final StatusReader reader = new StatusReader();
    private final ShutdownSignal stop = new ShutdownSignal();
    private final RateHistory rates = new RateHistory();
    private final List<HealthPort> opened = new ArrayList<>();

    @AfterEach
    void close() {
        stop.request();
        opened.forEach(HealthPort::close);
        reader.close();
    }

    @Test
    void showsTheFiguresOfAWorkerAndTheRateOfTheLastMinutes() {
        long nanos = 100 * RateHistory.NANOS_PER_COLUMN;
        rates.add(nanos, 412);
        List<WatchedWorker> workers = watched(HealthPort.of(Statuses.running()));

        assertThat(new TopFrame(80, 24, false).lines(workers, rates, nanos, NOW))
                .startsWith(
                        "sluice top  user-logins  login-queue -> public.user_logins         14:03:22 UTC",
                        "",
                        "state         running for 59 min 50 s",
                        "per second    stored 412, duplicate 0, quarantined <0.01, released 0",
                        "4 min         " + " ".repeat(47) + "█ max 412",
                        "age           p50 120 ms, p99 410 ms")
                .endsWith("last commit   2026-03-01T14:03:22Z, 0 s ago", "", "q quits");
    }

    /** Whatever names and reasons are: the last column stays free. */
    @ParameterizedTest
    @CsvSource({"80,24", "80,10", "60,8", "200,50", "20,3", "1,1"})
    void fitsTheTerminal(int columns, int rows) {
        String text = "no connection ".repeat(40) + "y".repeat(400) + "\u001b[2J\n";
        List<WatchedWorker> workers = watched(
                HealthPort.of(Statuses.circuitOpen(text)),
                HealthPort.of(Statuses.ofQueue(text, 1e12, 1e9)),
                HealthPort.answering(500, ""));

        List<String> lines = new TopFrame(columns, rows, false).lines(workers, rates, 0, NOW);

        assertThat(lines).isNotEmpty().hasSizeLessThanOrEqualTo(rows);
        assertThat(lines).allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                .isLessThan(Math.max(2, columns)));
        assertThat(lines).noneMatch(line -> line.contains("\u001b") || line.contains("\n"));
    }

    @Test
    void keepsTheLastFiguresOfAWorkerThatIsGoneAndSaysHowOldTheyAre() throws InterruptedException {
        HealthPort port = HealthPort.of(Statuses.running());
        List<WatchedWorker> workers = watched(port);
        long answered = workers.getFirst().seen().atNanos();
        port.close();
        awaitFault(workers.getFirst());

        List<String> lines = new TopFrame(80, 24, true)
                .lines(workers, rates, workers.getFirst().seen().atNanos() + TimeUnit.SECONDS.toNanos(14), NOW);

        assertThat(workers.getFirst().seen().atNanos()).isGreaterThanOrEqualTo(answered);
        assertThat(lines.get(2)).startsWith("\u001b[31mstate         no answer: ");
        assertThat(String.join(" ", lines)).contains("The figures are 14 s").contains("Trying again");
        assertThat(lines)
                .as("faint")
                .contains("\u001b[2mage           p50 120 ms, p99 410 ms\u001b[0m")
                .noneMatch(line -> line.contains("running"));
    }

    @Test
    void saysSoWhenAWorkerHasNeverAnswered() {
        List<WatchedWorker> workers = watched(HealthPort.answering(404, ""));

        List<String> lines = new TopFrame(80, 24, false).lines(workers, rates, 0, NOW);

        assertThat(lines.getFirst()).startsWith("sluice top  http://127.0.0.1:");
        assertThat(lines.subList(2, 4))
                .containsExactly(
                        "state         no answer: the answer is HTTP status 404: check that this is the",
                        "              health port. Trying again");
    }

    @Test
    void addsWorkersUpWithALineEach() {
        List<WatchedWorker> workers = watched(
                HealthPort.of(Statuses.ofQueue("a", 400, 0.4)),
                HealthPort.of(Statuses.ofQueue("a", 100, 0.9)),
                HealthPort.answering(404, ""));

        List<String> lines = new TopFrame(80, 30, false).lines(workers, rates, 0, NOW);

        assertThat(lines)
                .contains("per second    stored 500, duplicate 0, quarantined <0.01, released 0")
                .contains(String.format(
                        Locale.ROOT,
                        "%-26s  %-17s  %9s  %9s  %9s",
                        "worker",
                        "state",
                        "stored/s",
                        "age p99",
                        "in flight"))
                .contains(String.format(
                        Locale.ROOT,
                        "%-26s  %-17s  %9s  %9s  %9s",
                        workers.get(0).address().label(),
                        "running",
                        "400",
                        "400 ms",
                        "4,096"))
                .anyMatch(line ->
                        line.startsWith(workers.get(2).address().label() + " ") && line.contains("no answer: "));
    }

    private List<WatchedWorker> watched(HealthPort... ports) {
        opened.addAll(List.of(ports));
        List<WatchedWorker> workers = Arrays.stream(ports)
                .map(port -> new WatchedWorker(port.address()))
                .toList();
        workers.forEach(worker -> worker.watch(reader, Duration.ofMillis(100), stop));
        workers.forEach(worker -> worker.awaitFirst(Duration.ofSeconds(20)));
        return workers;
    }

    private static void awaitFault(WatchedWorker worker) throws InterruptedException {
        while (worker.seen().fault() == null) {
            Thread.sleep(20);
        }
    }
}
