package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.http.Wire.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class PortTest {

    private static final Limits SHORT = new Limits(2_000, 100, Duration.ofMillis(600), Duration.ofMillis(900), 8, 2);

    private static final String CANARY = "canary-4711";

    private final CountDownLatch stuck = new CountDownLatch(1);
    private final List<AutoCloseable> open = new ArrayList<>();

    private final Routes routes = new Routes()
            .get("/text", request -> Response.text(200, "hello"))
            .get("/query", request -> Response.text(200, request.query().toString()))
            .get("/source", request -> Response.text(200, request.fromLoopback() + " " + request.source()))
            .get("/files/", request -> Response.text(200, request.path()).with("Cache-Control", "no-cache"))
            .get("/large", request -> Response.text(200, "x".repeat(20_000_000)))
            .get("/fails", request -> {
                throw new IllegalStateException(CANARY);
            })
            .get("/stuck", request -> {
                awaitQuietly(stuck);
                return Response.text(200, "at last");
            })
            .post("/echo", request -> Response.json(200, new String(request.body(), StandardCharsets.UTF_8)));

    private final Port port = open(0, SHORT);

    private final Logger logger = (Logger) LoggerFactory.getLogger(Dispatcher.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    private Port open(int number, Limits limits) {
        try {
            Port opened = Port.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), number),
                    Set.of("localhost", "127.0.0.1")::contains,
                    routes,
                    limits);
            open.add(opened);
            return opened;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() throws Exception {
        logger.detachAppender(log);
        logger.setAdditive(true);
        stuck.countDown();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = Wire.connect(port.number());
        open.add(socket);
        return socket;
    }

    @Test
    void answersFromItsRoutes() throws IOException {
        assertThat(Wire.get(port.number(), "/text").body()).isEqualTo("hello\n");
        assertThat(Wire.get(port.number(), "/query?a=1&b=%C3%A9&a=2").body()).contains("a=2", "b=é");
        assertThat(Wire.get(port.number(), "/files/page.css").body()).isEqualTo("/files/page.css\n");
        assertThat(Wire.get(port.number(), "/source").body()).isEqualTo("true 127.0.0.1\n");
        assertThat(Wire.post(port.number(), "/echo", "{\"a\":1}").body()).isEqualTo("{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/text", "/nothing", "/fails", "/query?a=%ff%zz"})
    void everyAnswerProtectsTheBrowser(String path) throws IOException {
        Reply reply = Wire.get(port.number(), path);

        assertThat(reply.headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("cache-control", "no-store")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cross-origin-opener-policy", "same-origin")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsEntry("cross-origin-embedder-policy", "require-corp")
                .doesNotContainKeys("server", "x-powered-by", "access-control-allow-origin");
        assertThat(reply.header("content-security-policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void routeMaySetAHeaderItself() throws IOException {
        assertThat(Wire.get(port.number(), "/files/a.css").header("cache-control"))
                .isEqualTo("no-cache");
    }

    @Test
    void headIsGetWithoutTheBody() throws IOException {
        Reply reply = Wire.exchange(port.number(), Wire.request("HEAD", "/text", ""));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-length")).isEqualTo("6");
        assertThat(reply.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /text, 405, 'GET, HEAD'",
        "DELETE, /text, 405, 'GET, HEAD'",
        "OPTIONS, /text, 405, 'GET, HEAD'",
        "TRACE, /text, 405, 'GET, HEAD'",
        "GET, /echo, 405, POST",
        "GET, /, 404, ''",
        "GET, /files/deep/er, 404, ''",
        "GET, /text/, 404, ''",
        "POST, /nothing, 404, ''",
    })
    void refusesOtherPathsAndMethods(String method, String path, int status, String allow) throws IOException {
        Reply reply = Wire.exchange(port.number(), Wire.request(method, path, ""));

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("allow")).isEqualTo(allow);
        assertThat(reply.body()).startsWith("{\"error\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files/../text", "/files/%2e%2e/text", "/files/%2fetc", "/files/..%5ctext"})
    void refusesPathsThatLeaveTheirFolder(String path) throws IOException {
        assertThat(Wire.get(port.number(), path).body())
                .as("refused, or another route's: no route sees the way up")
                .doesNotContain("..", "etc");
    }

    @Test
    void bodyMustBeJsonAndSmall() throws IOException {
        assertThat(Wire.exchange(port.number(), Wire.request("POST", "/echo", "a=1", "Content-Type: text/plain"))
                        .status())
                .isEqualTo(415);
        assertThat(Wire.exchange(port.number(), Wire.request("POST", "/echo", "{}"))
                        .status())
                .isEqualTo(415);
        assertThat(Wire.post(port.number(), "/echo", " ".repeat(101)).status()).isEqualTo(413);
        assertThat(Wire.exchange(
                                port.number(),
                                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\nc8\r\n" + " ".repeat(200)
                                        + "\r\n0\r\n\r\n")
                        .status())
                .as("its length is not announced")
                .isEqualTo(413);
    }

    @Test
    void headersMustBeSmall() throws IOException {
        Reply reply = Wire.get(port.number(), "/text", "X-Long: " + "x".repeat(3_000));

        assertThat(reply.status()).isEqualTo(431);
        assertThat(reply.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(reply.body()).startsWith("{\"error\":\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET\r\n\r\n", "GET /text HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n"})
    void malformedRequestsAreAnsweredWithoutDetails(String bytes) throws IOException {
        Reply reply = Wire.exchange(port.number(), bytes);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).isEqualTo("{\"error\":\"The request is malformed.\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "169.254.1.1"})
    void otherHostsAreRefused(String host) throws IOException {
        assertThat(Wire.get(port.number(), "/text", "Host: " + host).status()).isEqualTo(421);
        assertThat(Wire.get(port.number(), "/text", "Host: localhost:" + port.number())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void defectsAreAnsweredWithoutTheirMessage() throws IOException {
        Reply reply = Wire.get(port.number(), "/fails");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).doesNotContain(CANARY).doesNotContain("Exception");
        assertThat(log.list).singleElement().satisfies(event -> assertThat(event.getFormattedMessage())
                .startsWith("GET /fails failed with IllegalStateException")
                .doesNotContain(CANARY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /text HTTP/1.1\r\nHost: loc",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
                "GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void connectionsEndWhateverTheirPeersDo(String bytes) throws IOException {
        Socket socket = connect();
        Wire.send(socket, bytes);

        assertThat(Wire.rest(socket)).matches("(?s)|HTTP/1.1 400 .*incomplete.*");
    }

    @Test
    void aByteAtATimeDoesNotKeepAConnection() throws IOException {
        Socket socket = connect();

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                Wire.send(socket, "x");
                return false;
            } catch (IOException closed) {
                return true;
            }
        });
    }

    @Test
    void aPeerThatDoesNotReadDoesNotKeepAConnection() throws IOException {
        Socket socket = connect();
        Wire.send(socket, Wire.request("GET", "/large", ""));

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                Wire.send(socket, "x");
                return false;
            } catch (IOException closed) {
                return true;
            }
        });
    }

    @Test
    void stuckConnectionsMakeRoomForNewOnes() throws IOException {
        Port patient = open(0, new Limits(2_000, 100, Duration.ofMinutes(5), Duration.ofMinutes(5), 8, 2));
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Socket socket = Wire.connect(patient.number());
            open.add(socket);
            Wire.send(socket, i % 2 == 0 ? "" : "GET /text HTTP/1.1\r\n");
            sockets.add(socket);
        }

        assertThat(Wire.get(patient.number(), "/text").status()).isEqualTo(200);
        await().until(() -> sockets.stream().filter(PortTest::isClosedNow).count() >= 22);
    }

    private static boolean isClosedNow(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return Wire.isClosed(socket);
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void requestsBeyondTheAnswersUnderWayAreRefusedForNow() throws IOException {
        Port patient = open(0, new Limits(2_000, 100, Duration.ofMinutes(5), Duration.ofMinutes(5), 8, 2));
        for (int i = 0; i < 2; i++) {
            Socket socket = Wire.connect(patient.number());
            open.add(socket);
            Wire.send(socket, Wire.request("GET", "/stuck", ""));
        }

        await().until(() -> Wire.get(patient.number(), "/text").status() == 503);
        stuck.countDown();
        await().until(() -> Wire.get(patient.number(), "/text").status() == 200);
    }

    @Test
    void closingDoesNotWaitForPeersOrRoutes() throws IOException {
        Socket silent = connect();
        Socket waiting = connect();
        Wire.send(waiting, Wire.request("GET", "/stuck", ""));
        // Accepted after both: a connection that the kernel has accepted and Jetty has not is closed when the process
        // ends.
        assertThat(Wire.get(port.number(), "/text").status()).isEqualTo(200);

        port.close();

        assertThat(Wire.isClosed(silent)).isTrue();
        assertThat(Wire.isClosed(waiting)).isTrue();
        assertThatThrownBy(() -> Wire.connect(port.number())).isInstanceOf(IOException.class);
    }

    @Test
    void aTakenPortIsAnError() {
        assertThatThrownBy(() -> Port.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()),
                        host -> true,
                        routes,
                        Limits.USUAL))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listsItsRoutes() {
        assertThat(routes.all()).containsAllEntriesOf(Map.of("/text", Set.of("GET"), "/echo", Set.of("POST")));
        assertThatThrownBy(() -> routes.get("/text", request -> Response.text(200, "")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
