package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Certificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

class HttpConnectionsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    /** Longer than a connection is trusted without being tried. */
    private static final Duration IDLE = Duration.ofMillis(1_100);

    private final HttpConnections http = new HttpConnections(TIMEOUT, TIMEOUT);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        http.close();
    }

    /** Answers the requests of all connections from one list, in order; closes a connection after an answer that says so. */
    private static final class Server implements AutoCloseable {

        private final ServerSocket socket;
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final List<Socket> connections = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();

        Server(String... answers) throws IOException {
            this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answers);
        }

        Server(ServerSocket socket, String... answers) {
            this.socket = socket;
            this.answers.addAll(List.of(answers));
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket connection = socket.accept();
                    connections.add(connection);
                    Thread.ofVirtual().start(() -> serve(connection));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private void serve(Socket connection) {
            try (connection) {
                while (receive(connection.getInputStream())) {
                    String answer = answers.take();
                    connection
                            .getOutputStream()
                            .write(answer.replace("[close]", "").getBytes(StandardCharsets.ISO_8859_1));
                    connection.getOutputStream().flush();
                    if (answer.endsWith("[close]")) {
                        return;
                    }
                }
            } catch (IOException | InterruptedException broken) {
                // the client has gone
            } finally {
                ended.add(true);
            }
        }

        /** A request of this test: its body is "{}". */
        private boolean receive(InputStream in) throws IOException {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n{}")) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                request.append((char) next);
            }
            requests.add(request.toString());
            return true;
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    private ExecutableHttpRequest request(String url) {
        return request(http, url, new byte[] {'{', '}'});
    }

    private static ExecutableHttpRequest request(HttpConnections http, String url, byte[] body) {
        return http.prepareRequest(HttpExecuteRequest.builder()
                .request(SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create(url))
                        .build())
                .contentStreamProvider(() -> new ByteArrayInputStream(body))
                .build());
    }

    private String post(String url) throws IOException {
        return body(request(url).call());
    }

    private static String body(HttpExecuteResponse answer) throws IOException {
        try (InputStream body = answer.responseBody().orElseThrow()) {
            return new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void usesOneConnectionForCallsThatFollowEachOther() throws IOException {
        try (Server server = new Server(OK, OK, OK)) {
            assertThat(List.of(post(server.url()), post(server.url()), post(server.url())))
                    .containsOnly("ok");

            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void opensAConnectionForEachCallAtTheSameTime() throws IOException {
        try (Server server = new Server(OK, OK)) {
            HttpExecuteResponse first = request(server.url()).call();
            HttpExecuteResponse second = request(server.url()).call();

            assertThat(List.of(body(first), body(second))).containsOnly("ok");
            assertThat(server.connections).hasSize(2);
        }
    }

    @Test
    void sendsHostLengthPathAndQuery() throws IOException {
        try (Server server = new Server(OK)) {
            post(server.url() + "/000000000000/q?a=%20b");

            assertThat(server.requests.getFirst())
                    .startsWith("POST /000000000000/q?a=%20b HTTP/1.1\r\n")
                    .contains("Host: 127.0.0.1:" + server.socket.getLocalPort() + "\r\n", "Content-Length: 2\r\n");
        }
    }

    @Test
    void keepsStatusAndHeadersOfAnAnswer() throws IOException {
        try (Server server = new Server("HTTP/1.1 403 Forbidden\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n")) {
            HttpExecuteResponse answer = request(server.url()).call();

            assertThat(answer.httpResponse().statusCode()).isEqualTo(403);
            assertThat(answer.httpResponse().matchingHeaders("X-A")).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\n\r\nok[close]"
            })
    void opensAnotherConnectionWhereTheServerEndsOne(String last) throws IOException {
        try (Server server = new Server(last, OK)) {
            assertThat(List.of(post(server.url()), post(server.url()))).containsOnly("ok");

            assertThat(server.connections).hasSize(2);
        }
    }

    @Test
    void noticesThatAnIdleConnectionWasClosed() throws IOException, InterruptedException {
        try (Server server = new Server(OK + "[close]", OK)) {
            post(server.url());
            Thread.sleep(IDLE);

            assertThat(post(server.url())).isEqualTo("ok");
        }
    }

    @Test
    void usesAnIdleConnectionThatIsStillOpen() throws IOException, InterruptedException {
        try (Server server = new Server(OK, OK)) {
            post(server.url());
            Thread.sleep(IDLE);
            post(server.url());

            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void usesNoConnectionToAnotherServer() throws IOException {
        try (Server one = new Server(OK, OK);
                Server other = new Server(OK)) {
            post(one.url());

            assertThat(post(other.url())).isEqualTo("ok");
            assertThat(other.requests).hasSize(1);
        }
    }

    @Test
    void readsAnAnswerInChunks() throws IOException {
        try (Server server =
                new Server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", OK)) {
            assertThat(List.of(post(server.url()), post(server.url()))).containsOnly("ok");

            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void keepsTheConnectionOfAnAnswerWithoutBody() throws IOException {
        try (Server server = new Server("HTTP/1.1 204 No Content\r\n\r\n", OK)) {
            assertThat(request(server.url()).call().responseBody()).isEmpty();

            assertThat(post(server.url())).isEqualTo("ok");
            assertThat(server.connections).hasSize(1);
        }
    }

    @Test
    void waitsForTheAnswerAfterAnInterimOne() throws IOException {
        try (Server server = new Server("HTTP/1.1 100 Continue\r\n\r\n" + OK)) {
            assertThat(post(server.url())).isEqualTo("ok");
        }
    }

    @Test
    void doesNotWaitForAnAnswerForLong() throws IOException {
        try (Server server = new Server("", OK)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> post(server.url()));

            assertThat(post(server.url())).isEqualTo("ok");
            assertThat(server.connections).hasSize(2);
        }
    }

    @Test
    void doesNotWaitForTheRestOfAnAnswerForLong() throws IOException {
        try (Server server = new Server("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", OK)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> post(server.url()));

            assertThat(post(server.url())).isEqualTo("ok");
        }
    }

    @Test
    void doesNotWaitForLongForAServerThatDoesNotRead() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ExecutableHttpRequest large =
                    request(http, "http://127.0.0.1:" + server.getLocalPort(), new byte[64 << 20]);

            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(large::call);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[close]",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok[close]",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok[close]",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok",
                "garbage\r\n\r\n"
            })
    void failsWhereAnAnswerBreaksOffOrIsNone(String answer) throws IOException {
        try (Server server = new Server(answer, OK)) {
            assertThatThrownBy(() -> post(server.url())).isInstanceOf(IOException.class);

            assertThat(post(server.url())).isEqualTo("ok");
        }
    }

    @Test
    void readsNoHeadWithoutEnd() throws IOException {
        try (Server lines = new Server("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(1_000));
                Server line = new Server("HTTP/1.1 200 OK\r\na: " + "b".repeat(100_000))) {
            assertThatThrownBy(() -> post(lines.url())).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post(line.url())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void usesNoConnectionWhoseAnswerWasNotReadToItsEnd() throws IOException {
        try (Server server = new Server("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nokok", OK)) {
            try (InputStream body = request(server.url()).call().responseBody().orElseThrow()) {
                body.read();
            }

            assertThat(post(server.url())).isEqualTo("ok");
            assertThat(server.connections).hasSize(2);
        }
    }

    @Test
    void stopsACallThatIsAborted() throws IOException, InterruptedException {
        try (Server server = new Server("")) {
            ExecutableHttpRequest call = request(server.url());
            Thread.ofVirtual().start(() -> {
                while (server.requests.isEmpty()) {
                    Thread.onSpinWait();
                }
                call.abort();
            });

            assertThatThrownBy(call::call)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void closesItsConnections() throws IOException, InterruptedException {
        try (Server server = new Server(OK, OK)) {
            HttpExecuteResponse open = request(server.url()).call();
            post(server.url());

            http.close();
            assertThat(server.ended.poll(5, TimeUnit.SECONDS)).isTrue();
            assertThat(body(open)).isEqualTo("ok");
            assertThat(server.ended.poll(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void triesEachAddressOfAHost() throws IOException {
        try (Server server = new Server(OK)) {
            assertThat(post("http://localhost:" + server.socket.getLocalPort())).isEqualTo("ok");
        }
    }

    @Test
    void saysWhyItCannotConnect() throws IOException {
        Server gone = new Server();
        gone.close();

        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> post(gone.url()));
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> post("http://host.invalid"));
    }

    @Test
    void believesOnlyTheHostsOwnCertificate() throws Exception {
        Certificate own = Certificate.of(folder, "own", "ip:127.0.0.1");
        Certificate foreign = Certificate.of(folder, "foreign", "dns:sqs.example");

        assertThat(postOverTls(own, own)).isEqualTo("ok");
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> postOverTls(foreign, foreign));
        assertThatExceptionOfType(SSLException.class).isThrownBy(() -> postOverTls(own, foreign));
    }

    @Test
    void endsAWaitOverTlsToo() throws Exception {
        Certificate own = Certificate.of(folder, "own", "ip:127.0.0.1");

        for (String answer : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok")) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> postOverTls(own, own, answer));
        }
    }

    private String postOverTls(Certificate presented, Certificate trusted) throws Exception {
        return postOverTls(presented, trusted, OK);
    }

    private String postOverTls(Certificate presented, Certificate trusted, String answer) throws Exception {
        ServerSocket socket = presented
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SSLSocketFactory tls = trusted.context().getSocketFactory();
        try (Server server = new Server(socket, answer);
                HttpConnections secured = new HttpConnections(tls, Duration.ofSeconds(5), TIMEOUT)) {
            String url = server.url().replace("http:", "https:");
            return body(request(secured, url, new byte[] {'{', '}'}).call());
        }
    }
}
