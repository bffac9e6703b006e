package dev.sluice.bench.contender;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bin/sluice run} with the pipeline {@code user-logins}, unless a setting says otherwise.
 *
 * @param name as the tables show it
 * @param program {@code bin/sluice} of this checkout or another one
 * @param javaOptions for {@code SLUICE_JAVA_OPTS}; usually empty
 * @param settings environment variables for every command; usually none
 */
public record Sluice(String name, Path program, String javaOptions, Map<String, String> settings) implements Contender {

    @Override
    public Optional<String> obstacle() {
        return Files.isExecutable(program) ? Optional.empty() : Optional.of(program + " is not executable");
    }

    @Override
    public void prepare(Target target) throws IOException, InterruptedException {
        File log = target.folder().resolve("prepare.log").toFile();
        if (!Files.exists(keys(target))) {
            Processes.run(
                    List.of(program.toString(), "keys", "create", "--allow-cleartext-keys"), environment(target), log);
        }
        Processes.run(List.of(program.toString(), "migrate"), environment(target), log);
    }

    @Override
    public List<String> command(Target target) {
        return target.untilEmpty()
                ? List.of(program.toString(), "run", "--until-empty")
                : List.of(program.toString(), "run");
    }

    @Override
    public Map<String, String> environment(Target target) {
        Map<String, String> environment = new HashMap<>(target.awsEnvironment());
        environment.put("SLUICE_QUEUE", target.queueUrl());
        environment.put("SLUICE_DATABASE_URL", target.databaseUrl());
        environment.put("SLUICE_KEYS", keys(target).toString());
        String options =
                String.join(" ", target.javaOptions()).concat(" " + javaOptions).strip();
        if (!options.isEmpty()) {
            environment.put("SLUICE_JAVA_OPTS", options);
        }
        environment.putAll(settings);
        return environment;
    }

    @Override
    public boolean endsByItself() {
        return true;
    }

    private static Path keys(Target target) {
        return target.folder().resolve("keys.json");
    }
}
