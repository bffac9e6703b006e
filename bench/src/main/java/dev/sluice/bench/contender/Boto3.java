package dev.sluice.bench.contender;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code bench/boto3/consumer.py} in its virtual environment.
 *
 * @param name as the tables show it
 * @param mode argument of the script, {@code single} or {@code batched}
 * @param share it gets fewer messages: at its rate, all of them would take too long
 * @param scenarios in which it takes part
 * @param python of the virtual environment
 * @param script the consumer
 */
public record Boto3(String name, String mode, double share, Set<String> scenarios, Path python, Path script)
        implements Contender {

    @Override
    public boolean takesPart(String scenario) {
        return scenarios.contains(scenario);
    }

    @Override
    public Optional<String> obstacle() {
        return Files.isExecutable(python)
                ? Optional.empty()
                : Optional.of("boto3 and psycopg were not installed; see bench/target/boto3.log");
    }

    @Override
    public void prepare(Target target) {
        PeerTable.create(target);
    }

    @Override
    public List<String> command(Target target) {
        return List.of(python.toString(), script.toString(), mode);
    }

    @Override
    public Map<String, String> environment(Target target) {
        Map<String, String> environment = new HashMap<>(target.awsEnvironment());
        environment.put("BENCH_CONSUMER_QUEUE", target.queueUrl());
        environment.put("BENCH_CONSUMER_DATABASE", target.databaseUrl());
        return environment;
    }
}
