package dev.sluice.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.LineageSettings;
import dev.sluice.config.SecretArn;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.config.SettingsReader;
import dev.sluice.config.TestSecretStore;
import dev.sluice.mapping.Pipelines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LineageTest {

    private static final String KEY = "canary-4711";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Lineage.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    void isOffUnlessAUrlOrAFileIsSet() {
        assertThat(settings(Map.of()).lineage()).isEmpty();
        assertThat(settings(Map.of("OPENLINEAGE_NAMESPACE", "n", "OPENLINEAGE_API_KEY", KEY))
                        .lineage())
                .isEmpty();
        assertThat(settings(Map.of("OPENLINEAGE_URL", "http://localhost:5000", "OPENLINEAGE_DISABLED", "true"))
                        .lineage())
                .isEmpty();
    }

    @Test
    void appendsALinePerRunToTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lineage.ndjson");
        report(null, null, file);
        report(null, null, file);

        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allMatch(line -> line.startsWith("{\"eventType\":\"START\""));
        assertThat(log.list).isEmpty();
    }

    @Test
    void postsTheEventWithTheKeyToThePathOfOpenLineage() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer server = server(received, 201);
        URI url = URI.create("http://localhost:" + server.getAddress().getPort());
        try {
            for (URI spelling : List.of(url, URI.create(url + "/"), URI.create(url + "/api/v1/lineage"))) {
                report(spelling, KEY, null);
                assertThat(received.poll(10, TimeUnit.SECONDS))
                        .startsWith(
                                "POST /api/v1/lineage application/json Bearer " + KEY + " {\"eventType\":\"START\"");
            }
        } finally {
            server.stop(0);
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void aRefusalIsOneWarningWithoutTheKey() throws IOException {
        HttpServer server = server(new LinkedBlockingQueue<>(), 403);
        try {
            report(URI.create("http://localhost:" + server.getAddress().getPort()), KEY, null);
        } finally {
            server.stop(0);
        }

        assertThat(warning()).contains("localhost", "HTTP status 403").doesNotContain(KEY);
    }

    @Test
    void aServiceThatAcceptsAndSaysNothingDoesNotHoldUpTheEnd() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Lineage lineage = start(URI.create("http://127.0.0.1:" + silent.getLocalPort()), null, null);
            assertThat(lineage.isReporting()).as("while the run goes on").isTrue();
            lineage.close();
            lineage.awaitReported();
        }
        assertThat(warning()).contains("the run ended before it answered");
    }

    @Test
    void whatCannotBeReachedOrWrittenIsAWarningEach(@TempDir Path folder) throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        report(URI.create("http://127.0.0.1:" + closed), null, folder.resolve("missing/lineage.ndjson"));

        assertThat(log.list).hasSize(2).allMatch(event -> event.getLevel() == Level.WARN);
        assertThat(log.list.getFirst().getFormattedMessage()).contains("missing", "NoSuchFileException");
        assertThat(log.list.getLast().getFormattedMessage()).contains("127.0.0.1:" + closed, "cannot be reached");
    }

    @Test
    void theKeyIsNotSentInClearToAnotherMachine() {
        Settings settings =
                settings(Map.of("OPENLINEAGE_URL", "http://marquez.example:5000", "OPENLINEAGE_API_KEY", KEY));

        assertThatThrownBy(settings::lineage)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("lineage.url: https was expected")
                .hasMessageNotContaining(KEY);
        assertThat(settings(Map.of("OPENLINEAGE_URL", "http://marquez.example:5000"))
                        .lineage())
                .isPresent();
    }

    @Test
    void theKeyIsFetchedWhereAwsKeepsIt() {
        String arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:catalog";
        Settings settings = settings(Map.of("OPENLINEAGE_URL", "https://marquez.example", "OPENLINEAGE_API_KEY", arn))
                .with(new TestSecretStore() {
                    @Override
                    public String fetch(Setting setting, SecretArn wanted) {
                        return setting == Setting.LINEAGE_API_KEY
                                        && wanted.name().equals(arn)
                                ? KEY
                                : "";
                    }
                });

        assertThat(settings.lineage().orElseThrow().apiKey()).isEqualTo(KEY);
    }

    private String warning() {
        assertThat(log.list).hasSize(1);
        return log.list.getFirst().getFormattedMessage();
    }

    private static Settings settings(Map<String, String> environment) {
        return SettingsReader.read(Map.of(), null, environment);
    }

    /** Reports and waits until that is over. */
    private static void report(@Nullable URI url, @Nullable String key, @Nullable Path file) {
        start(url, key, file).awaitReported();
    }

    private static Lineage start(@Nullable URI url, @Nullable String key, @Nullable Path file) {
        return Lineage.report(
                new LineageSettings(url, key, file, "sluice"),
                Pipelines.load("user-logins", Map.of()),
                new Dataset("sqs://sqs.example", "q"),
                new Dataset("postgres://db.example:5432", "d.s.t"));
    }

    private static HttpServer server(BlockingQueue<String> received, int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "-") + " "
                    + body);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
