package dev.sluice.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.config.TelemetrySettings.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class CollectorTest {

    private static final String KEY = "canary-4711";
    private static final byte[] BYTES = "protobuf".getBytes(StandardCharsets.UTF_8);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Collector.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private static Collector collector(String url, Duration timeout) {
        return new Collector("Metrics", new Endpoint(URI.create(url), Map.of("api-key", KEY), timeout));
    }

    private static Collector collector(String url) {
        return collector(url, Duration.ofSeconds(30));
    }

    private List<String> logged() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void postsTheBytesWithTheHeaders() {
        try (CollectorServer server = CollectorServer.start();
                Collector collector = collector(server.endpoint() + "/ingest")) {
            collector.send(BYTES);

            CollectorServer.Request request = server.requests().getFirst();
            assertThat(request.path()).isEqualTo("/ingest");
            assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
            assertThat(request.headers().getFirst("api-key")).isEqualTo(KEY);
            assertThat(request.body()).isEqualTo(BYTES);
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void warnsOncePerChangeOfStateAndShowsNothingOfTheServer() {
        try (CollectorServer server = CollectorServer.start();
                Collector collector = collector(server.endpoint())) {
            for (int status : new int[] {500, 401, 503, 200, 202, 400, 429}) {
                server.status = status;
                collector.send(BYTES);
            }
            String host = server.endpoint().substring("http://".length());
            assertThat(logged())
                    .containsExactly(
                            "WARN Metrics do not reach the collector at " + host
                                    + ": it answered with HTTP status 500. The run continues without them.",
                            "INFO Metrics reach the collector at " + host + " again.",
                            "WARN Metrics do not reach the collector at " + host
                                    + ": it answered with HTTP status 400. The run continues without them.");
        }
    }

    /** The headers are for the host that the operator has named. */
    @Test
    void doesNotFollowARedirect() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                CollectorServer elsewhere = CollectorServer.start();
                Collector collector = collector("http://127.0.0.1:" + first.getLocalPort())) {
            Thread.ofVirtual()
                    .start(() -> answer(
                            first,
                            "HTTP/1.1 307 x\r\nContent-Length: 0\r\nLocation: " + elsewhere.endpoint() + "\r\n\r\n"));
            collector.send(BYTES);

            assertThat(elsewhere.requests()).isEmpty();
            assertThat(logged()).singleElement().asString().contains("HTTP status 307");
        }
    }

    @Test
    void givesUpOnABodyWithoutEnd() throws IOException {
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Collector collector = collector("http://127.0.0.1:" + endless.getLocalPort(), Duration.ofMillis(300))) {
            Thread.ofVirtual().start(() -> answer(endless, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx"));
            collector.send(BYTES);
        }
        assertThat(logged()).singleElement().asString().contains("it did not answer within 300 ms");
    }

    @Test
    void survivesACollectorThatIsNotThere() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (Collector collector = collector("http://127.0.0.1:" + port)) {
            collector.send(BYTES);
            collector.send(BYTES);
        }
        assertThat(logged()).singleElement().asString().contains("it cannot be reached (ConnectException)");
    }

    /** With a timeout of half a minute, a collector that hangs delays the end by two seconds at most. */
    @Test
    void theEndWaitsForNoCollectorThatHangs() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Collector collector = collector("http://127.0.0.1:" + silent.getLocalPort())) {
            Thread sender = Thread.ofVirtual().start(() -> {
                collector.send(BYTES);
                collector.send(BYTES);
                collector.send(BYTES);
            });
            await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
            collector.finish();

            assertThat(sender.join(Duration.ofNanos(TimeUnit.SECONDS.toNanos(20))))
                    .isTrue();
        }
        assertThat(logged()).singleElement().asString().contains("the run ended before it answered");
    }

    private static void answer(ServerSocket server, String answer) {
        try {
            Socket socket = server.accept(); // stays open: the test closes the client
            socket.getInputStream().read();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            while (socket.getInputStream().read() >= 0) {
                // the rest of the request
            }
        } catch (IOException ended) {
            // The client has given up, which is what it is to do.
        }
    }
}
