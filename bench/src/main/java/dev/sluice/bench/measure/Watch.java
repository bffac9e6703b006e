package dev.sluice.bench.measure;

import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Observes a contender from its start until the queue is drained, and makes the figures of the run. Created right before
 * the process starts. Used by one thread.
 */
final class Watch {

    /** While no row was seen, and after that: often enough for the figures, seldom enough to leave the cores alone. */
    private static final long FIRST_ROW_MILLIS = 20;

    private static final long LOOK_MILLIS = 100;

    /** No message deleted for that long: the run hangs. */
    private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(90);

    private static final int WARM_DIVISOR = 5;
    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    /** What was seen when a fifth of the messages was deleted. */
    private record Warm(long at, long deleted, double clientCpu) {}

    private final StubProcess stub;
    private final long serverPid;
    private final long start = System.nanoTime();
    private final double endedChildren = Cpu.ofEndedChildren();
    private final double stubCpuAtStart;
    private final double serverCpuAtStart;

    private @Nullable Warm warm;
    private double clientCpu;
    private double peakMib;
    private long progressAt = start;
    private long deleted;

    /** @param serverPid of PostgreSQL; -1 if its processes cannot be seen */
    Watch(StubProcess stub, long serverPid) {
        this.stub = stub;
        this.serverPid = serverPid;
        this.stubCpuAtStart = Cpu.ofProcess(stub.pid());
        this.serverCpuAtStart = serverCpu();
    }

    /**
     * Blocks until everything is deleted.
     *
     * @throws IllegalStateException if the process ends before, or nothing is deleted for 90 seconds
     */
    Stats drained(List<Process> workers, int messages, Rows rows, File log)
            throws IOException, InterruptedException, SQLException {
        Stats stats = stub.stats();
        while (!stats.isDone()) {
            rows.look();
            look(workers, stats, messages);
            if (!workers.stream().allMatch(Process::isAlive)) {
                throw new IllegalStateException("ended before the queue was empty; its output is in " + log);
            }
            if (System.nanoTime() - progressAt > STALL_NANOS) {
                throw new IllegalStateException("deleted nothing for 90 s; its output is in " + log);
            }
            Thread.sleep(rows.isSeen() ? LOOK_MILLIS : FIRST_ROW_MILLIS);
            stats = stub.stats();
        }
        rows.look();
        look(workers, stats, messages);
        return stub.percentiles();
    }

    private void look(List<Process> workers, Stats stats, int messages) {
        clientCpu = Math.max(
                clientCpu,
                workers.stream()
                        .mapToDouble(worker -> Cpu.ofProcess(worker.pid()))
                        .sum());
        peakMib = Math.max(
                peakMib,
                workers.stream()
                        .mapToDouble(worker -> Memory.peakMib(worker.pid()))
                        .sum());
        long now = stats.get("deleted");
        if (warm == null && now >= messages / WARM_DIVISOR && now < messages) {
            warm = new Warm(System.nanoTime(), now, clientCpu);
        }
        if (now != deleted) {
            deleted = now;
            progressAt = System.nanoTime();
        }
    }

    /** What has to be read before the process ends. */
    Sample drainedSample(Stats stats, int messages) {
        Sample sample = new Sample();
        double seconds = (stats.get("lastDelete") - start) / NANOS;
        sample.put(Metric.RATE, messages / seconds);
        if (warm != null && stats.get("lastDelete") > warm.at()) {
            double rest = messages - warm.deleted();
            sample.put(Metric.WARM_RATE, rest * NANOS / (stats.get("lastDelete") - warm.at()));
            sample.put(Metric.WARM_CLIENT_CPU, (clientCpu - warm.clientCpu()) * MILLION / rest);
        }
        if (serverPid >= 0) {
            sample.put(Metric.DATABASE_CPU, (serverCpu() - serverCpuAtStart) * MILLION / messages);
        }
        sample.put(Metric.STUB_CPU, (Cpu.ofProcess(stub.pid()) - stubCpuAtStart) * MILLION / messages);
        sample.put(Metric.REQUESTS, stats.calls() * 1_000.0 / messages);
        sample.put(Metric.PEAK_MEMORY, peakMib);
        sample.put(Metric.IN_FLIGHT, (double) stats.get("mostInFlight"));
        sample.put(Metric.RECEIVED_P50, stats.get("receivedToDeletedP50Micros") / MICROS_PER_MILLI);
        sample.put(Metric.RECEIVED_P99, stats.get("receivedToDeletedP99Micros") / MICROS_PER_MILLI);
        sample.put(Metric.VISIBLE_P50, stats.get("visibleToDeletedP50Micros") / MICROS_PER_MILLI);
        sample.put(Metric.VISIBLE_P99, stats.get("visibleToDeletedP99Micros") / MICROS_PER_MILLI);
        return sample;
    }

    /** What only the end of the process shows. */
    void addEnd(Sample sample, int messages, Rows rows, File log) throws SQLException {
        double cpu = Cpu.ofEndedChildren() - endedChildren;
        sample.put(Metric.WALL_SECONDS, (System.nanoTime() - start) / NANOS);
        sample.put(Metric.CPU_SECONDS, cpu);
        sample.put(Metric.CLIENT_CPU, cpu * MILLION / messages);
        rows.look();
        if (rows.startedEmpty()) {
            sample.put(Metric.FIRST_ROW_SECONDS, (rows.seenAt() - start) / NANOS);
        }
        long surplus = rows.added() - messages;
        if (surplus < 0) {
            throw new IllegalStateException(-surplus + " messages have no row; its output is in " + log);
        }
        sample.put(Metric.SURPLUS_ROWS, (double) surplus);
        if (rows.startedEmpty()) {
            rows.sizes().forEach((metric, bytes) -> sample.put(metric, (double) bytes / messages));
        }
    }

    private double serverCpu() {
        return serverPid < 0 ? 0 : Cpu.ofFamily(serverPid);
    }
}
