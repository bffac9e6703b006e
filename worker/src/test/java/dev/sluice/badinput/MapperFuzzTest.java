package dev.sluice.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The oracle for any bytes: rows or rejections, nothing else, and no value in what is told of them. The corpus is the
 * seed. In a build the seeds are replayed; with {@code JAZZER_FUZZ=1} one method is fuzzed, and slow bodies are findings.
 * ({@code @FuzzTest} wants to be the last annotation.)
 */
class MapperFuzzTest {

    private static final boolean FUZZING = "1".equals(System.getenv("JAZZER_FUZZ"));

    /** Looked at while fuzzing only; a slow body is mapped again, since a pause of the machine is no finding. */
    private static final long SLOWEST_NANOS = 50_000_000;

    /** Larger seeds only slow a fuzzer down, whose counters alone make a mebibyte take longer than that. */
    private static final int LONGEST_FUZZED_SEED = 8 << 10;

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

    private static final int TRIES = 5;
    private static final Instant SENT_AT = Instant.parse("2026-03-01T12:00:00Z");

    private static final Bench PLAIN = Bench.of("corpus");
    private static final Bench SNS = Bench.of("corpus-sns");
    private static final Bench GZIP = Bench.of("corpus-gzip");

    @MethodSource("plainBodies")
    @FuzzTest(maxDuration = "7m")
    void mapsEvents(byte[] body) {
        check(PLAIN, body);
    }

    @MethodSource("snsBodies")
    @FuzzTest(maxDuration = "7m")
    void mapsNotifications(byte[] body) {
        check(SNS, body);
    }

    @MethodSource("gzipBodies")
    @FuzzTest(maxDuration = "7m")
    void mapsPackedEvents(byte[] body) {
        check(GZIP, body);
    }

    /** Below base64, where a fuzzer's bytes are gzip's own. */
    @MethodSource("gzipBytes")
    @FuzzTest(maxDuration = "7m")
    void mapsGzip(byte[] bytes) {
        check(GZIP, Base64.getEncoder().encode(bytes));
    }

    static Stream<Arguments> plainBodies() {
        return seeds("corpus");
    }

    static Stream<Arguments> snsBodies() {
        return seeds("corpus-sns");
    }

    static Stream<Arguments> gzipBodies() {
        return seeds("corpus-gzip");
    }

    static Stream<Arguments> gzipBytes() {
        return cases("corpus-gzip")
                .filter(bad ->
                        BASE64.matcher(new String(bad.body(), ISO_8859_1)).matches())
                .map(bad -> Arguments.argumentSet(
                        bad.id(), (Object) Base64.getDecoder().decode(bad.body())));
    }

    private static Stream<Arguments> seeds(String pipeline) {
        return cases(pipeline).map(bad -> Arguments.argumentSet(bad.id(), (Object) bad.body()));
    }

    private static Stream<BadInput> cases(String pipeline) {
        return BadInputs.all().stream()
                .filter(bad -> bad.pipeline().equals(pipeline))
                .filter(bad -> !FUZZING || bad.body().length <= LONGEST_FUZZED_SEED);
    }

    private static void check(Bench bench, byte[] body) {
        byte[] before = body.clone();
        long started = System.nanoTime();
        List<Outcome> outcomes = bench.mapper.map("id", SENT_AT, body);
        if (FUZZING && System.nanoTime() - started > SLOWEST_NANOS) {
            requireFast(bench, body);
        }
        assertThat(body).as("the body is not written to").isEqualTo(before);
        assertThat(outcomes).isNotEmpty();
        outcomes.forEach(outcome -> check(bench, outcome));
    }

    private static void check(Bench bench, Outcome outcome) {
        switch (outcome) {
            case Row row -> {
                assertThat(row.width()).isEqualTo(bench.columns.size());
                assertThat(row.toString()).isEqualTo("Row[" + row.width() + " columns]");
                bench.required.forEach(index -> assertThat(row.value(index)).isNotNull());
            }
            case Rejection rejection -> {
                String column = rejection.column();
                assertThat(column == null || bench.columns.contains(column)).isTrue();
                assertThat(rejection.toString())
                        .isEqualTo("Rejection[reason=" + rejection.reason() + ", column=" + column + ", original="
                                + rejection.original() + "]");
                assertThat(rejection.original().toString()).matches("Original\\[(BODY|RECORD), [0-9]+ bytes]");
            }
        }
    }

    private static void requireFast(Bench bench, byte[] body) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long started = System.nanoTime();
            bench.mapper.map("id", SENT_AT, body);
            fastest = Math.min(fastest, System.nanoTime() - started);
        }
        assertThat(fastest).as("nanoseconds for %d bytes", body.length).isLessThan(SLOWEST_NANOS);
    }

    /** A pipeline with keys that nobody keeps. */
    private record Bench(Mapper mapper, List<String> columns, Set<Integer> required) {

        static Bench of(String pipeline) {
            Assembly assembly = new Assembly(SettingsReader.read(
                    Map.of(Setting.PIPELINE, BadInputs.file(pipeline).toString()), null, Map.of()));
            List<String> columns = assembly.spec().columns().stream()
                    .map(column -> column.name())
                    .toList();
            Set<Integer> required = assembly.spec().columns().stream()
                    .filter(column -> column.required())
                    .map(column -> columns.indexOf(column.name()))
                    .collect(Collectors.toSet());
            return new Bench(assembly.mapper(Keysets.ephemeral(assembly.requiredKeys())), columns, required);
        }
    }
}
