package dev.sluice.cli;

import com.cronutils.model.Cron;
import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.pipeline.Counters.Summary;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice run}. */
@Command(
        name = "run",
        header = "Moves messages from the queue to the table.",
        description = {
            "",
            "Runs until it is stopped, unless an option says otherwise. SIGTERM or Ctrl-C drains: what is in hand is",
            "stored and deleted, an open long poll (20 s at most) is waited for, then exit 0. A second one ends at once;",
            "nothing is lost by that either, what was in hand is delivered again.",
            "SIGHUP reads the keyset file again; a change of it is also noticed within some ten seconds.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice run                              for ever",
            "  sluice run --until-empty                a batch job",
            "  sluice run --schedule \"0 2 * * *\"       every night at two, UTC, until the queue is empty",
            "  sluice run --for 10m --output json      ten minutes, the balance as JSON"
        })
final class RunCommand implements Callable<Integer> {

    /** How the run ends by itself; at most one. */
    static final class End {
        @Option(names = "--until-empty", description = "End when nothing is visible, in flight or delayed.")
        boolean untilEmpty;

        @Option(names = "--max-batches", paramLabel = "N", description = "End after N batches that held messages.")
        @Nullable
        Long maxBatches;

        @Option(
                names = "--for",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                description = "End after a time: 30s, 10m, 2h, 1d.")
        @Nullable
        Duration duration;

        @Option(
                names = "--schedule",
                paramLabel = "CRON",
                converter = CronConverter.class,
                description = "Run until empty at each time of a cron expression (UTC).")
        @Nullable
        Cron schedule;
    }

    @ParentCommand
    Sluice sluice;

    @ArgGroup
    @Nullable
    End end;

    @Option(names = "--migrate", description = "First create what is missing, as sluice migrate does.")
    boolean migrate;

    @Override
    public Integer call() {
        RunMode mode = mode();
        Assembly assembly = sluice.assembly();
        if (migrate) {
            MigrateCommand.migrate(assembly);
        }
        ShutdownSignal stop = new ShutdownSignal();
        try (Worker worker = Worker.open(assembly)) {
            Signals.onStop(() -> drain(stop));
            Signals.onHangUp(worker::reloadKeys);
            Progress progress = Progress.ofRun(sluice.console(), worker);
            try {
                worker.run(mode, stop);
            } finally {
                progress.close();
                print(worker.summary());
            }
            if (!worker.summary().isBalanced()) {
                sluice.console()
                        .err()
                        .println("sluice: the balance does not add up; this is a defect, please report it");
                return ExitCode.BOOKS_DIFFER;
            }
        }
        return ExitCode.DONE;
    }

    /** Asks before it tells: whoever reads standard error may have stopped reading. */
    private void drain(ShutdownSignal stop) {
        stop.request();
        sluice.console().err().println("sluice: draining; a second signal ends at once");
    }

    private void print(Summary balance) {
        sluice.console().out().println(sluice.json() ? SummaryLine.json(balance) : SummaryLine.text(balance));
    }

    private RunMode mode() {
        if (end == null) {
            return RunMode.continuous();
        }
        if (end.maxBatches != null) {
            if (end.maxBatches < 1) {
                throw new ParameterException(sluice.command.commandLine(), "--max-batches: at least 1 was expected");
            }
            return RunMode.batches(end.maxBatches);
        }
        if (end.duration != null) {
            return RunMode.lasting(end.duration);
        }
        return end.schedule != null ? RunMode.scheduled(end.schedule) : RunMode.untilEmpty();
    }
}
