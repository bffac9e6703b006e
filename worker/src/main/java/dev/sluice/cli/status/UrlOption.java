package dev.sluice.cli.status;

import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code --url}: which workers. */
final class UrlOption {

    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    @Spec(Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "A worker's health port; repeat it for several workers. Default: --health-port of this machine.")
    List<String> urls = new ArrayList<>();

    /** At least one. */
    List<WorkerAddress> workers(Settings settings) {
        if (urls.isEmpty()) {
            return List.of(settings.healthPort()
                    .flatMap(UrlOption::local)
                    .orElseThrow(() -> usageError("--url is required: --health-port names no port of this machine")));
        }
        return urls.stream()
                .map(url -> WorkerAddress.of(url)
                        .orElseThrow(() -> usageError(
                                "--url must be http://HOST:PORT, or https, without user, query and fragment")))
                .distinct()
                .toList();
    }

    /** Empty for a port that the worker chooses itself. A worker that listens everywhere is asked on loopback. */
    private static Optional<WorkerAddress> local(PortSettings port) {
        if (port.number() == 0) {
            return Optional.empty();
        }
        String host = EVERYWHERE.contains(port.host()) ? "127.0.0.1" : port.host();
        return WorkerAddress.of("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port.number());
    }

    private ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
