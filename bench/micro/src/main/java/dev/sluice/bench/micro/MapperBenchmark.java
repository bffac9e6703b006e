package dev.sluice.bench.micro;

import dev.sluice.bench.stub.LoginEvents;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Pipelines;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One message from its body to a masked row, by the built-in pipelines. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MapperBenchmark {

    /** More than the caches of a core hold of bodies, less than they hold of anything else. */
    private static final int BODIES = 4096;

    private static final String MESSAGE_ID = "b5b9a2ea-7a7c-4b8e-9a4b-0d7b8a1c2d3e";
    private static final Instant SENT_AT = Instant.parse("2026-11-22T09:00:00Z");

    @Param({"user-logins", "user-logins-sha256"})
    public String pipeline = "";

    private byte[][] bodies = {};
    private Mapper mapper = Mappers.compile(Pipelines.load("user-logins-sha256"), Keysets.ephemeral(Map.of()));
    private int next;

    @Setup
    public void compile() {
        mapper = Mappers.compile(
                Pipelines.load(pipeline),
                Keysets.ephemeral(Map.of(
                        "user-logins.masked_ip", KeyKind.DETERMINISTIC_AEAD,
                        "user-logins.masked_device_id", KeyKind.DETERMINISTIC_AEAD)));
        LoginEvents events = new LoginEvents(new SplittableRandom(1), 0);
        bodies = new byte[BODIES][];
        for (int body = 0; body < BODIES; body++) {
            bodies[body] = events.next().getBytes(StandardCharsets.UTF_8);
        }
    }

    @Benchmark
    public List<Outcome> map() {
        next = (next + 1) % BODIES;
        return mapper.map(MESSAGE_ID, SENT_AT, bodies[next]);
    }
}
