package dev.sluice.cli.run;

import com.cronutils.model.Cron;
import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Program;
import dev.sluice.cli.command.Signals;
import dev.sluice.cli.ports.Ports;
import dev.sluice.console.ConsoleRoutes;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.output.JsonLine;
import dev.sluice.pipeline.Summary;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice run}. */
@Command(
        name = "run",
        header = "Moves messages from the queue to the table.",
        description = {
            "Runs until it is stopped, or until the first of --until-empty, --max-batches and --for. SIGTERM or Ctrl-C drains it: messages in flight are"
                    + " stored and deleted, an open long poll (at most 20 s) completes, then it exits with 0. A second"
                    + " signal ends it at once; nothing is lost, and messages in flight are delivered again.",
            "",
            "SIGHUP reloads the keyset file. A changed file is also noticed within about ten seconds."
        },
        footer = {
            "Examples:",
            "  sluice run                           until it is stopped",
            "  sluice run --until-empty             as a batch job",
            "  sluice run --schedule \"0 2 * * *\"    until empty, every night at 2:00 UTC",
            "  sluice run --for 10m --output json   for ten minutes, with a JSON summary",
            "  sluice run --until-empty --for 10m   until empty, for ten minutes at most"
        })
public final class RunCommand extends CliCommand implements Callable<Integer> {

    private static final double MILLIS = 1_000.0;

    @Option(names = "--until-empty", description = "Stop when no message is visible, in flight or delayed.")
    boolean untilEmpty;

    @Option(names = "--max-batches", paramLabel = "N", description = "Stop after N batches, empty ones not counted.")
    @Nullable
    Long maxBatches;

    @Option(names = "--for", paramLabel = "DURATION", description = "Stop after this time: 30s, 10m, 2h, 1d.")
    @Nullable
    Duration duration;

    @Option(
            names = "--schedule",
            paramLabel = "CRON",
            description = "Run until empty at each time of a cron expression (UTC).")
    @Nullable
    Cron schedule;

    @Option(names = "--migrate", description = "First create what is missing, as sluice migrate does.")
    boolean migrate;

    @Override
    public Integer call() {
        RunMode mode = mode();
        Assembly assembly = assembly();
        if (migrate) {
            MigrateCommand.migrate(assembly, false);
        }
        Ports.check(assembly.settings());
        try (Worker worker = Worker.open(assembly);
                ConsoleRoutes console = new ConsoleRoutes(assembly, worker.figures(), worker::fieldSuspicions);
                Ports ports = Ports.open(assembly.settings(), worker, console::addTo, ends())) {
            ShutdownSignal stop = shutdownSignal("draining; a second signal ends at once");
            Signals.onHangUp(worker::reloadKeys);
            RunProgress progress = new RunProgress(console(), worker);
            try (progress) {
                worker.run(mode, stop);
            } finally {
                print(program(), worker.summary());
            }
            if (!worker.summary().isBalanced()) {
                report("the counters do not balance; this is a defect, please report it");
                return ExitCode.UNBALANCED;
            }
        }
        return ExitCode.DONE;
    }

    /** Prints what a run did: the last line of {@code run} and {@code demo}. */
    public static void print(Program program, Summary summary) {
        program.console().out().println(program.json() ? json(summary) : text(summary));
    }

    static String text(Summary summary) {
        return String.format(
                Locale.ROOT,
                "received %d = stored %d + duplicates %d + quarantined %d + released %d, in %.1f s",
                summary.received(),
                summary.stored(),
                summary.duplicates(),
                summary.quarantined(),
                summary.released(),
                summary.elapsed().toMillis() / MILLIS);
    }

    static JsonLine json(Summary summary) {
        return new JsonLine()
                .put("received", summary.received())
                .put("stored", summary.stored())
                .put("duplicates", summary.duplicates())
                .put("quarantined", summary.quarantined())
                .put("released", summary.released())
                .put("seconds", summary.elapsed().toMillis() / MILLIS);
    }

    private boolean ends() {
        return untilEmpty || maxBatches != null || duration != null;
    }

    private RunMode mode() {
        if (schedule != null) {
            if (ends()) {
                throw usageError("--schedule runs until it is stopped; it cannot be combined with --until-empty,"
                        + " --max-batches or --for");
            }
            return RunMode.scheduled(schedule);
        }
        if (maxBatches != null) {
            requireAtLeast(1, maxBatches, "--max-batches");
        }
        return ends() ? RunMode.until(untilEmpty, maxBatches, duration) : RunMode.continuous();
    }
}
