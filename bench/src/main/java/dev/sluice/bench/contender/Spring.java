package dev.sluice.bench.contender;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The module {@code bench/spring}: a batch listener of Spring Cloud AWS and a JDBC batch, plain SHA-256 as the mask.
 *
 * @param java the program that runs it
 * @param jar of the module, with its libraries beside it
 */
public record Spring(Path java, Path jar) implements Contender {

    public static final String NAME = "Spring Cloud AWS";

    @Override
    public String name() {
        return NAME;
    }

    /** It keeps no ledger that could grow, and nobody asks how many of it there should be. */
    @Override
    public boolean takesPart(String scenario) {
        return !scenario.equals("grown") && !scenario.equals("workers");
    }

    @Override
    public Optional<String> obstacle() {
        return Files.exists(jar)
                ? Optional.empty()
                : Optional.of("its module was not built; see bench/target/spring.log");
    }

    @Override
    public void prepare(Target target) {
        PeerTable.create(target);
    }

    @Override
    public List<String> command(Target target) {
        List<String> command = new ArrayList<>(target.javaOptions());
        command.addFirst(java.toString());
        command.addAll(List.of("-cp", jar.toString(), "dev.sluice.bench.spring.SpringConsumer"));
        return command;
    }

    /** The driver turns a batch into inserts of several rows, as its documentation recommends. */
    @Override
    public Map<String, String> environment(Target target) {
        URI url = URI.create(target.databaseUrl());
        String[] login = url.getUserInfo().split(":", 2);
        Map<String, String> environment = new HashMap<>(target.awsEnvironment());
        environment.put("BENCH_QUEUE", target.queueUrl());
        environment.put(
                "SPRING_DATASOURCE_URL",
                "jdbc:postgresql://" + url.getAuthority().replaceFirst(".*@", "") + url.getPath()
                        + "?reWriteBatchedInserts=true");
        environment.put("SPRING_DATASOURCE_USERNAME", login[0]);
        environment.put("SPRING_DATASOURCE_PASSWORD", login[1]);
        return environment;
    }
}
