package dev.sluice.bench.measure;

import dev.sluice.bench.contender.Contender;
import dev.sluice.bench.contender.Processes;
import dev.sluice.bench.contender.Target;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs one contender on one load, from an empty database to its checked rows. Used by one thread. */
public final class Execution {

    private static final long LOOK_MILLIS = 20;

    /** A JVM on a busy machine polls within a few seconds. */
    private static final long FIRST_POLL_SECONDS = 60;

    /** Sluice drains within an open long poll, 20 s. */
    private static final long END_SECONDS = 60;

    private static final long SETTLE_MILLIS = TimeUnit.SECONDS.toMillis(15);
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(40);

    /** Ended as it should, or by SIGTERM. */
    private static final Set<Integer> EXPECTED_EXITS = Set.of(0, 143);

    private final StubProcess stub;
    private final Databases databases;
    private final Path folder;
    private final long serverPid;

    /** @param folder for a folder per contender, with keys and logs */
    public Execution(StubProcess stub, Databases databases, Path folder) {
        this.stub = stub;
        this.databases = databases;
        this.folder = folder;
        this.serverPid = databases.serverPid();
    }

    /**
     * Blocks until the contender's process has ended.
     *
     * @throws IllegalStateException if it fails, hangs or loses a message; the message names its log
     */
    public Sample run(Contender contender, Load load) throws IOException, InterruptedException {
        String database = databases.create();
        try {
            boolean untilEmpty = load.ending() == Load.Ending.BY_ITSELF && contender.endsByItself();
            Path own = Files.createDirectories(folder.resolve(contender.name().replaceAll("[^A-Za-z0-9]+", "-")));
            Target target = new Target(stub.endpoint(), stub.certificate(), database, own, untilEmpty);
            contender.prepare(target);
            for (Load before : load.before()) {
                measure(contender, target, before);
            }
            return measure(contender, target, load.scaled(contender.share()));
        } catch (SQLException refused) {
            throw new IllegalStateException("the bench cannot read the rows, SQLSTATE " + refused.getSQLState());
        } finally {
            databases.drop(database);
        }
    }

    private Sample measure(Contender contender, Target target, Load load)
            throws IOException, InterruptedException, SQLException {
        boolean later = load.ending() == Load.Ending.OFFERED || load.ending() == Load.Ending.IDLE;
        stub.fill(later ? "messages=0" : load.spec());
        File log = target.folder().resolve("run.log").toFile();
        try (Rows rows = new Rows(target.databaseUrl())) {
            Watch watch = new Watch(stub, serverPid);
            List<Process> workers = new ArrayList<>();
            try {
                for (int worker = 0; worker < load.workers(); worker++) {
                    workers.add(Processes.start(contender.command(target), contender.environment(target), log));
                }
                if (later) {
                    awaitFirstPoll(workers.getFirst(), log);
                }
                if (load.ending() == Load.Ending.IDLE) {
                    return idle(workers.getFirst(), log);
                }
                if (later) {
                    stub.fill(load.spec());
                }
                Sample sample =
                        watch.drainedSample(watch.drained(workers, load.messages(), rows, log), load.messages());
                if (!target.untilEmpty()) {
                    workers.forEach(Process::destroy);
                }
                for (Process process : workers) {
                    end(process, target.untilEmpty(), log);
                }
                watch.addEnd(sample, load.messages(), rows, log);
                return sample;
            } finally {
                for (Process process : workers) {
                    process.destroyForcibly().waitFor();
                }
            }
        }
    }

    private void awaitFirstPoll(Process process, File log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_POLL_SECONDS);
        while (stub.stats().get("calls.ReceiveMessage") == 0) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("did not poll the queue; its output is in " + log);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private Sample idle(Process process, File log) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        // A new queue, so that its tally begins here. It ends the open polls, and the next ones are seen at once.
        stub.fill("messages=0");
        double cpu = Cpu.ofProcess(process.pid());
        Thread.sleep(IDLE_MILLIS);
        Stats stats = stub.stats();
        Sample sample = new Sample();
        double minutes = IDLE_MILLIS / 60_000.0;
        sample.put(Metric.IDLE_CPU, (Cpu.ofProcess(process.pid()) - cpu) * 100_000 / IDLE_MILLIS);
        sample.put(Metric.IDLE_REQUESTS, stats.calls() / minutes);
        sample.put(Metric.IDLE_POLLS, (double) stats.get("mostWaiting"));
        sample.put(Metric.PEAK_MEMORY, Memory.peakMib(process.pid()));
        end(process, false, log);
        return sample;
    }

    private void end(Process process, boolean byItself, File log) throws IOException, InterruptedException {
        if (!byItself) {
            process.destroy();
            stub.release();
        }
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not end within 60 s; its output is in " + log);
        }
        if (!EXPECTED_EXITS.contains(process.exitValue())) {
            throw new IllegalStateException(
                    "ended with exit code " + process.exitValue() + "; its output is in " + log);
        }
    }
}
