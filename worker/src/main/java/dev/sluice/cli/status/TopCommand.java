package dev.sluice.cli.status;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Signals;
import dev.sluice.cli.status.WatchedWorker.Seen;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.metrics.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice top}. */
@Command(
        name = "top",
        header = "Watches running workers.",
        description = {
            "Shows the figures of sluice status each second, in place, until q or Ctrl-C. Several workers are added up, with"
                    + " a line each. A worker that does not answer is asked again; its last figures stay, with their age.",
            "",
            "Where the output is not a terminal, prints a line each time; with --output json, the documents of the workers."
        },
        footer = {"Examples:", "  sluice top", "  sluice top --every 1m >> figures.log"})
@CommandHelp(uses = Part.HEALTH)
public final class TopCommand extends CliCommand implements Callable<Integer> {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    @Mixin
    UrlOption urls;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "1s",
            description = "How often: 1s, 1m. Default: ${DEFAULT-VALUE}.")
    Duration every = Duration.ofSeconds(1);

    @Option(names = "--count", paramLabel = "N", description = "End after N times.")
    @Nullable
    Long count;

    private final ShutdownSignal stop = new ShutdownSignal();
    private final RateHistory rates = new RateHistory();

    @Override
    public Integer call() {
        if (every.compareTo(SHORTEST) < 0) {
            throw usageError("--every must be at least 100ms");
        }
        if (count != null) {
            requireAtLeast(1, count, "--count");
        }
        List<WatchedWorker> workers = urls.workers(program().settings()).stream()
                .map(WatchedWorker::new)
                .toList();
        Signals.onStop(stop::request);
        Signals.onHangUp(stop::request);
        try (StatusReader reader = new StatusReader()) {
            workers.forEach(worker -> worker.watch(reader, every, stop));
            workers.forEach(worker -> worker.awaitFirst(StatusReader.PATIENCE));
            show(workers);
        } finally {
            stop.request();
        }
        return ExitCode.DONE;
    }

    private void show(List<WatchedWorker> workers) {
        Optional<FullScreen> terminal = json() ? Optional.empty() : FullScreen.open(console());
        if (terminal.isEmpty()) {
            repeat(() -> print(workers));
            return;
        }
        try (FullScreen screen = terminal.get()) {
            Thread.ofVirtual().name("keys").start(this::stopAtQ);
            repeat(() -> screen.draw(frame(workers)));
        }
    }

    private void repeat(Runnable action) {
        long times = 0;
        do {
            action.run();
            times++;
        } while (!console().isOutputLost() && (count == null || times < count) && !stop.await(every));
    }

    private List<String> frame(List<WatchedWorker> workers) {
        long nanos = System.nanoTime();
        List<Seen> seen = workers.stream().map(WatchedWorker::seen).toList();
        Status total = TopFrame.total(seen);
        if (total != null && seen.stream().anyMatch(one -> one.fault() == null)) {
            rates.add(nanos, total.perSecond().stored());
        }
        return new TopFrame(console().columns(), console().rows(), program().color())
                .lines(workers, rates, nanos, Instant.now());
    }

    /** Input that ends is not a wish to end: there may be no keyboard. */
    private void stopAtQ() {
        try {
            for (int key = console().in().read(); key >= 0; key = console().in().read()) {
                if (key == 'q' || key == 'Q') {
                    stop.request();
                }
            }
        } catch (IOException noKeyboard) {
            // Ctrl-C is left
        }
    }

    private void print(List<WatchedWorker> workers) {
        for (WatchedWorker worker : workers) {
            Seen seen = worker.seen();
            Status status = seen.fault() == null ? seen.status() : null;
            if (json()) {
                out().println(status == null ? error(worker, seen) : StatusCommand.json(status));
            } else {
                out().println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + "  "
                        + worker.address().label() + "  "
                        + (status == null ? "no answer: " + seen.fault() : StatusLines.summary(status)));
            }
        }
    }

    private static String error(WatchedWorker worker, Seen seen) {
        return StatusCommand.error(worker.address(), String.valueOf(seen.fault()))
                .toString();
    }
}
