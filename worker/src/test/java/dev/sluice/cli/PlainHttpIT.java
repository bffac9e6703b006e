package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.kms.TestKms;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service on an address that is not loopback hears nothing by plain http, whoever names its endpoint. */
class PlainHttpIT {

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Playground playground;
    private HttpServer listener;
    private String endpoint;
    private String messages;

    @BeforeEach
    void listen(@TempDir Path folder) throws IOException {
        Optional<InetAddress> address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(found -> found instanceof Inet4Address && !found.isLoopbackAddress())
                .findFirst();
        assumeThat(address).as("an address besides loopback").isPresent();
        listener = HttpServer.create(new InetSocketAddress(address.orElseThrow(), 0), 0);
        listener.createContext("/", exchange -> {
            heard.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        listener.start();
        endpoint = "http://" + address.orElseThrow().getHostAddress() + ":"
                + listener.getAddress().getPort();
        playground = Playground.empty(folder).unset("AWS_ENDPOINT_URL_SQS").set("AWS_SESSION_TOKEN", "session");
        messages = playground.write("messages.ndjson", "{}\n").toString();
    }

    @AfterEach
    void close() {
        if (listener != null) {
            listener.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL", "SLUICE_QUEUE"})
    void queueIsNotCalledUnlessAllowedByName(String variable) {
        playground.set(variable, endpoint + (variable.equals("SLUICE_QUEUE") ? "/000000000000/q" : ""));

        assertThat(playground.sluice("send", messages).refused(ExitCode.CONFIG))
                .contains("plain http", "--insecure-aws-http");
        assertThat(heard).isEmpty();

        playground.sluice("send", messages, "--insecure-aws-http").refused(ExitCode.NOT_PERMITTED);
        assertThat(heard).isNotEmpty();
    }

    @Test
    void kmsIsNotCalledUnlessAllowedByName() {
        playground.set("AWS_ENDPOINT_URL_KMS", endpoint).set("SLUICE_KMS_KEY", TestKms.KEY);

        assertThat(playground.sluice("keys", "create").refused(ExitCode.CONFIG))
                .contains("plain http", "AWS_ENDPOINT_URL_KMS", "--insecure-aws-http");
        assertThat(heard).isEmpty();

        playground
                .set("SLUICE_INSECURE_AWS_HTTP", "true")
                .sluice("keys", "create")
                .refused(ExitCode.NOT_PERMITTED);
        assertThat(heard).isNotEmpty();
    }

    /** The SDK reads the profile by itself, past our settings. */
    @ParameterizedTest
    @ValueSource(strings = {"send FILE", "keys create"})
    void endpointOfTheProfileIsNotCalledEither(String command) throws Exception {
        Path profile = playground.write("aws-config", "[default]\nendpoint_url = " + endpoint + "\n");
        playground.set("AWS_CONFIG_FILE", profile.toString()).set("SLUICE_KMS_KEY", TestKms.KEY);
        List<String> call =
                new ArrayList<>(List.of(command.replace("FILE", messages).split(" ", -1)));

        assertThat(playground
                        .ended(playground.start(call.toArray(String[]::new)))
                        .refused(ExitCode.CONFIG))
                .contains("plain http", "--insecure-aws-http");
        assertThat(heard).isEmpty();

        call.add("--insecure-aws-http");
        playground.ended(playground.start(call.toArray(String[]::new))).refused(ExitCode.NOT_PERMITTED);
        assertThat(heard).isNotEmpty();
    }
}
