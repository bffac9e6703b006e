package dev.sluice.bench.micro;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What keys per tenant cost: records mapped in batches, and a keyset file read. No tenant means the same keys for all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class TenantsBenchmark {

    private static final int BATCH = 1_000;
    private static final int BATCHES = 20;

    @Param({"0", "1", "100", "10000"})
    public int tenants;

    private Path file = Path.of("");
    private Mapper mapper = Mappers.compile(Pipelines.load("user-logins-sha256"), Keysets.ephemeral(Map.of()));
    private byte[][] bodies = {};
    private int next;

    @Setup
    public void prepare() throws IOException {
        file = Files.createTempDirectory("tenants").resolve("keys.json");
        Map<String, KeyKind> wanted = new HashMap<>();
        for (int tenant = 0; tenant < Math.max(1, tenants); tenant++) {
            String name = tenants == 0 ? null : "tenant-" + tenant;
            wanted.put(KeysetName.of("p.ip", name), KeyKind.DETERMINISTIC_AEAD);
            wanted.put(KeysetName.of("p.device", name), KeyKind.DETERMINISTIC_AEAD);
            if (name != null) {
                wanted.put(KeysetName.of(Keysets.QUARANTINE, name), KeyKind.SEALING);
            }
        }
        KeysetFile.at(file).create(wanted, true);
        PipelineSpec spec = Pipelines.read(
                "tenants",
                """
                pipeline: p
                source: { queue: q }
                sink: { table: t }
                %s
                columns:
                  id: { from: id, type: text }
                  ip: { from: ip, type: varchar(64), mask: { kind: deterministic-aead, as: ip } }
                  device: { from: device, type: varchar(200), mask: { kind: deterministic-aead } }
                """
                        .formatted(tenants == 0 ? "" : "keys: { by: /tenant }"));
        mapper = Mappers.compile(spec, KeysetFile.at(file).read());
        SplittableRandom random = new SplittableRandom(1);
        bodies = new byte[BATCH * BATCHES][];
        for (int body = 0; body < bodies.length; body++) {
            bodies[body] = ("{\"id\":\"u" + body + "\",\"ip\":\"198.51.100." + random.nextInt(256)
                            + "\",\"device\":\"123-45-" + random.nextInt(10_000) + "\",\"tenant\":\"tenant-"
                            + random.nextInt(Math.max(1, tenants)) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    @TearDown
    public void clean() throws IOException {
        Files.delete(file);
        Files.delete(file.getParent());
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @OperationsPerInvocation(BATCH)
    public List<Outcome> mapRecord() {
        next = (next + BATCH) % bodies.length;
        Mapper.Batch batch = mapper.begin();
        List<Outcome> outcomes = new ArrayList<>();
        for (int body = next; body < next + BATCH; body++) {
            outcomes.addAll(batch.unpack("m", Instant.EPOCH, bodies[body], Attributes.NONE)
                    .map());
        }
        batch.mask();
        return outcomes;
    }

    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Keysets readFile() {
        return KeysetFile.at(file).read();
    }
}
