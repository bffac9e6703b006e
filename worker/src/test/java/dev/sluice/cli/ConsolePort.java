package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.Access;
import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.app.Assembly;
import dev.sluice.app.Worker;
import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.console.ConsoleRoutes;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.http.Limits;
import dev.sluice.http.Port;
import dev.sluice.http.Routes;
import dev.sluice.output.StoredValues;
import dev.sluice.pipeline.Consumers;
import dev.sluice.pipeline.Source;
import dev.sluice.pipeline.StopRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The console of a worker that was opened and runs if asked to, over HTTP, a user of it with the role operator, and a viewer. */
final class ConsolePort implements AutoCloseable {

    private static final String USER = "ada";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String token = AccessToken.generate();
    private final String viewersToken = AccessToken.generate();
    private final Worker worker;
    private final ConsoleRoutes console;
    private final Port port;
    private final ShutdownSignal shutdown = new ShutdownSignal();
    private Optional<Thread> running = Optional.empty();

    private ConsolePort(Playground playground, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(playground.environment());
        environment.putAll(more);
        environment.put("SLUICE_CONSOLE_TOKENS_FILE", tokens(playground));
        Settings settings = SettingsReader.read(Map.of(), null, environment);
        Assembly assembly = new Assembly(settings);
        this.worker = Worker.open(assembly);
        this.console = new ConsoleRoutes(assembly, worker.figures(), worker::fieldSuspicions);
        Routes routes = new Routes();
        console.addTo(routes, Access.of(settings, new PortSettings("127.0.0.1", 0, true)));
        this.port = Port.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), host -> true, routes, Limits.USUAL);
    }

    /** With the worker's login. */
    static ConsolePort open(Playground playground) {
        return open(playground, Map.of());
    }

    /** With a login of its own. */
    static ConsolePort as(String databaseUrl, Playground playground) {
        return open(playground, Map.of("SLUICE_CONSOLE_DATABASE_URL", databaseUrl));
    }

    private static ConsolePort open(Playground playground, Map<String, String> more) {
        try {
            return new ConsolePort(playground, more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String tokens(Playground playground) throws IOException {
        Path file = playground.write(
                "tokens",
                AccessToken.line(USER, Role.OPERATOR, token) + "\n" + AccessToken.line("eve", Role.VIEWER, viewersToken)
                        + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    /** Lets the worker process what comes, in short polls, until this is closed. */
    ConsolePort run() {
        running = Optional.of(Thread.ofVirtual().start(() -> worker.run(ConsolePort::inShortPolls, shutdown)));
        return this;
    }

    private static void inShortPolls(Consumers consumers, Source source, ShutdownSignal stop) {
        consumers.run(new StopRule() {
            @Override
            public boolean shouldContinue() {
                return true;
            }

            @Override
            public Duration waitTime() {
                return Duration.ofSeconds(1);
            }
        });
    }

    /** Of the page. */
    String url() {
        return "http://localhost:" + port.number() + "/";
    }

    /** Of the operator. */
    String token() {
        return token;
    }

    String viewersToken() {
        return viewersToken;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path, "Content-Type", "application/json", "X-Sluice-Request", "1")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port.number() + path))
                .header("Authorization", "Bearer " + token);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The document of a successful answer. */
    Map<String, Object> document(String path) {
        return document(get(path));
    }

    /** The same for an answer that there is. */
    @SuppressWarnings("unchecked") // a JSON object
    static Map<String, Object> document(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return (Map<String, Object>) requireNonNull(StoredValues.json(answer.body()));
    }

    /** The members of an array of objects. */
    @SuppressWarnings("unchecked") // a JSON array of objects
    static List<Map<String, Object>> list(Map<String, Object> document, String member) {
        return (List<Map<String, Object>>) requireNonNull(document.get(member));
    }

    @Override
    public void close() {
        shutdown.request();
        running.ifPresent(ConsolePort::join);
        port.close();
        console.close();
        worker.close();
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(Duration.ofSeconds(10)))
                    .as("the worker ends")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
