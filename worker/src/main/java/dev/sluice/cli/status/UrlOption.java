package dev.sluice.cli.status;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --url}: which workers. */
final class UrlOption {

    @Spec(Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "A worker's health port; repeat it for several workers. Default: ${DEFAULT-VALUE}.")
    List<String> urls = new ArrayList<>();

    /** At least one. */
    List<WorkerAddress> workers() {
        return urls.stream()
                .map(url -> WorkerAddress.of(url)
                        .orElseThrow(() -> new ParameterException(
                                command.commandLine(),
                                "--url must be http://HOST:PORT, or https, without user, query and fragment")))
                .distinct()
                .toList();
    }
}
