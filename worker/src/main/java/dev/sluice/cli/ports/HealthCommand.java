package dev.sluice.cli.ports;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice health}. */
@Command(
        name = "health",
        header = "Asks a running worker on this machine whether it is healthy.",
        description = {
            "Asks the worker's health port: whether its poll loop advances, or with --ready whether queue and database"
                    + " answer, the schema is current and the circuit is closed. For containers without curl.",
            "",
            "Exits with 0 if so, otherwise, or if nobody answers, with 69."
        },
        footer = {"Examples:", "  sluice health", "  sluice health --ready --port 9081"})
@CommandHelp(uses = Part.HEALTH, results = false)
public final class HealthCommand extends CliCommand implements Callable<Integer> {

    /** Below the usual timeout of a container's health check (Docker, 30 s), above a pause of the worker's JVM. */
    private static final int TIMEOUT_MILLIS = 5_000;

    private static final int MAX_ANSWER_BYTES = 10_000;

    @Option(names = "--port", paramLabel = "N", description = "The worker's health port, if it is not --health-port.")
    @Nullable
    Integer port;

    @Option(names = "--ready", description = "Ask whether the worker is ready, not only whether it lives.")
    boolean ready;

    @Override
    public Integer call() {
        Settings settings = program().settings();
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) uri(settings).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            boolean good = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream answer = good ? connection.getInputStream() : connection.getErrorStream()) {
                out().println(text(answer).strip());
            }
            return good ? ExitCode.DONE : ExitCode.UNAVAILABLE;
        } catch (IOException nobody) {
            report("no worker answers on the health port; check that one runs here, and its --health-port");
            return ExitCode.UNAVAILABLE;
        }
    }

    private static String text(@Nullable InputStream answer) throws IOException {
        return answer == null ? "" : new String(answer.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
    }

    private URI uri(Settings settings) throws IOException {
        PortSettings set = settings.healthPort().orElse(null);
        int number = Objects.requireNonNullElse(port, set == null ? 0 : set.number());
        if (number < 1 || number > 65_535) {
            throw usageError("--port N: the number of the worker's health port was expected, from 1 to 65535");
        }
        InetAddress address = InetAddress.getByName(set == null ? "127.0.0.1" : set.host());
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + number
                + (ready ? "/readyz" : "/livez"));
    }
}
