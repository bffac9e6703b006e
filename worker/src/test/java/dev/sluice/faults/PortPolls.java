package dev.sluice.faults;

import dev.sluice.http.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who asks a worker's ports all the time: Prometheus, each second instead of each 15, Kubernetes, and a page of the console
 * that shows its overview. Thread-safe.
 */
final class PortPolls implements AutoCloseable {

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final List<Future<?>> turns;
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    PortPolls(LoadedWorker.Open ports) {
        turns = polls(ports).stream().<Future<?>>map(this::repeat).toList();
    }

    private Future<?> repeat(Poll poll) {
        return clock.scheduleAtFixedRate(() -> ask(poll), 0, poll.seconds(), TimeUnit.SECONDS);
    }

    private record Poll(int seconds, int port, String path) {}

    private static List<Poll> polls(LoadedWorker.Open ports) {
        return List.of(
                new Poll(1, ports.health(), "/metrics"),
                new Poll(10, ports.health(), "/livez"),
                new Poll(10, ports.health(), "/readyz"),
                new Poll(2, ports.console(), "/api/status"),
                new Poll(5, ports.console(), "/api/history?span=quarter_hour"),
                new Poll(15, ports.console(), "/api/needs"),
                new Poll(15, ports.console(), "/api/quarantine/reasons"));
    }

    /** Asks for each document so many times. */
    static void askOften(LoadedWorker.Open ports, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            for (Poll poll : polls(ports)) {
                Wire.get(poll.port(), poll.path());
            }
        }
    }

    private void ask(Poll poll) {
        try {
            int status = Wire.get(poll.port(), poll.path()).status();
            if (status == 200) {
                answered.incrementAndGet();
            } else if (!poll.path().equals("/readyz")) { // its checks have not run yet at the start
                failures.add(poll.path() + " " + status);
            }
        } catch (IOException e) {
            failures.add(poll.path() + " " + e.getClass().getSimpleName());
        }
    }

    int answered() {
        return answered.get();
    }

    Queue<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        turns.forEach(turn -> turn.cancel(false));
        clock.close();
    }
}
