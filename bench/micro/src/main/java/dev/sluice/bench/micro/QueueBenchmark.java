package dev.sluice.bench.micro;

import dev.sluice.aws.CallListener;
import dev.sluice.bench.measure.StubProcess;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.pipeline.Source;
import dev.sluice.sqs.Queues;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Messages received and deleted, and nothing else, against the stub queue: signatures, JSON and HTTP of the worker's own
 * calls, many in parallel. Look at {@code messages}, per second; an operation is a batch of any size.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open() first.
public class QueueBenchmark {

    /** More than an iteration of a second takes. */
    private static final String FULL = "messages=300000";

    private StubProcess stub;
    private Source source;

    /** Counts messages beside batches. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counter {

        public long messages;
    }

    @Setup
    public void open() throws IOException {
        stub = StubProcess.start(null);
        Map<String, String> environment = Map.of(
                "SLUICE_QUEUE", stub.endpoint() + "/000000000000/bench",
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "bench",
                "AWS_SECRET_ACCESS_KEY", "bench");
        Settings settings = SettingsReader.read(Map.of(), null, environment);
        source = Queues.source(
                settings.queue("bench"), List.of(), false, settings.run(), environment, CallListener.NONE);
    }

    @Setup(Level.Iteration)
    public void fill() throws IOException {
        stub.fill(FULL);
    }

    @TearDown
    public void close() throws IOException {
        source.close();
        stub.close();
    }

    @Benchmark
    public Source.Deletion receiveAndDelete(Counter counter) {
        Source.Received received = source.receive(Duration.ZERO, (messages, calledAtNanos) -> {});
        if (received.messages().isEmpty()) {
            throw new IllegalStateException("the queue is empty; use shorter iterations");
        }
        counter.messages += received.messages().size();
        return source.delete(received.messages());
    }
}
