package dev.sluice.bench;

import dev.sluice.bench.contender.Boto3;
import dev.sluice.bench.contender.Contender;
import dev.sluice.bench.contender.Sluice;
import dev.sluice.bench.contender.Spring;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who takes part. */
final class Contenders {

    static final String SLUICE = "Sluice";
    static final String BOTO3_BATCHED = "boto3, 8 threads, batches of 10";
    static final String BOTO3_SINGLE = "boto3, one message at a time";

    private Contenders() {}

    /**
     * Sluice of this checkout first.
     *
     * @param home this checkout, after {@code bench/run} has built what there is to build
     * @param settings each an environment variable and its value, as {@code NAME=VALUE}: this checkout with it takes part too
     * @param baselines further checkouts
     * @param javaOptions for Sluice
     * @param peers whether others take part
     */
    static List<Contender> of(
            Path home, List<String> settings, List<Path> baselines, String javaOptions, boolean peers) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Sluice(SLUICE, home.resolve("bin/sluice"), javaOptions, Map.of()));
        for (String setting : settings) {
            String name = setting.substring(0, setting.indexOf('='));
            contenders.add(new Sluice(
                    "Sluice, " + setting,
                    home.resolve("bin/sluice"),
                    javaOptions,
                    Map.of(name, setting.substring(name.length() + 1))));
        }
        for (Path baseline : baselines) {
            contenders.add(new Sluice(
                    "Sluice in " + baseline, baseline.toAbsolutePath().resolve("bin/sluice"), javaOptions, Map.of()));
        }
        if (peers) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            Path python = home.resolve("bench/target/boto3/bin/python");
            Path script = home.resolve("bench/boto3/consumer.py");
            contenders.add(new Spring(java, home.resolve("bench/spring/target/sluice-bench-spring.jar")));
            contenders.add(new Boto3(BOTO3_BATCHED, "batched", 0.1, Set.of("steady", "latency"), python, script));
            contenders.add(new Boto3(BOTO3_SINGLE, "single", 0.01, Set.of("steady"), python, script));
        }
        return contenders;
    }
}
