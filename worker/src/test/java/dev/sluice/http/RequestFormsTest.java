package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Loopback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of requests that neither a browser nor a scraper sends, against what stands before a route. */
class RequestFormsTest {

    private static final String HOST = "Host: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private final AtomicInteger changes = new AtomicInteger();
    private final Routes routes = new Routes()
            .get("/text", request -> Response.text(200, "hello"))
            .get(
                    "/secret",
                    request -> Response.text(request.header("authorization").equals("Bearer t") ? 200 : 401, "x"))
            .get("/mode", request -> Response.text(200, request.header("x-mode")))
            .get("/source", request -> Response.text(200, request.fromLoopback() + " " + request.source()))
            .post("/change", request -> Response.text(200, "change " + changes.incrementAndGet()));

    private Port port;

    @BeforeEach
    void open() throws IOException {
        port = open(InetAddress.getLoopbackAddress());
    }

    private Port open(InetAddress address) throws IOException {
        return Port.open(new InetSocketAddress(address, 0), Loopback::isThisMachine, routes, Limits.USUAL);
    }

    @AfterEach
    void close() {
        port.close();
    }

    /** All that comes until the connection ends. */
    private String send(String bytes) throws IOException {
        try (Socket socket = Wire.connect(port.number())) {
            Wire.send(socket, bytes);
            return Wire.rest(socket);
        }
    }

    @Test
    void aConnectionServesOneRequest() throws IOException {
        String change = "POST /change HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2\r\n\r\n{}";

        assertThat(send(change + change + "GET /text HTTP/1.1\r\n" + HOST + "\r\n")
                        .split("HTTP/1.1 ", -1))
                .as("pipelined requests are not answered")
                .hasSize(2);
        assertThat(changes).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
                "Content-Length: -1\r\n\r\n{}",
                "Content-Length: 2, 2\r\n\r\n{}",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "Content-Length : 2\r\n\r\n{}",
            })
    void aBodyWhoseEndIsInDoubtChangesNothing(String rest) throws IOException {
        assertThat(send("POST /change HTTP/1.1\r\n" + HOST + JSON + rest)).startsWith("HTTP/1.1 4");
        assertThat(changes).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /text\r\n",
                "GET /text HTTP/0.9\r\n\r\n",
                "GET /text HTTP/2.0\r\n" + HOST + "\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /te\u0000xt HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /text HTTP/1.1\r\n" + HOST + HOST + "\r\n",
                "GET /text HTTP/1.1\r\n" + HOST + "X-Folded: a\r\n b\r\n\r\n",
                "GET http://evil.example/text HTTP/1.1\r\n" + HOST + "\r\n",
                "GET http://localhost/text HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET http://user@evil.example/text HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + "\r\n",
                "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
                "get /text HTTP/1.1\r\n" + HOST + "\r\n",
            })
    void otherProtocolsAndTargetsAreRefused(String bytes) throws IOException {
        assertThat(send(bytes))
                .matches("(?s)HTTP/1\\.1 (4\\d\\d|505) .*")
                .contains("X-Content-Type-Options: nosniff")
                .doesNotContain("hello")
                .doesNotContain("Exception", "jetty");
    }

    @Test
    void anOldClientIsAnsweredLikeANewOne() throws IOException {
        assertThat(send("GET /text HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .contains("nosniff")
                .endsWith("hello\n");
        assertThat(send("GET /text HTTP/1.0\r\nHost: evil.example\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    }

    /** However it is written, a path leads to its own route, with that route's guard, or nowhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%73ecret",
                "//secret",
                "/./secret",
                "/text/../secret",
                "/text/%2e%2e/secret",
                "/text%2f..%2fsecret",
                "/secret;x=1",
                "/secret%00",
                "/secret%",
                "/secret%c0%ae",
                "/SECRET",
                "/secret/",
                "/secret?x",
                "/secret#x",
                "\\secret",
            })
    void noSpellingOfAPathPassesItsGuard(String path) throws IOException {
        assertThat(send("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")).matches("(?s)HTTP/1\\.1 4(00|01|04) .*");
    }

    @ParameterizedTest
    @CsvSource({"7000, 200", "9000, 4"})
    void anAddressIsOfLimitedLength(int length, String status) throws IOException {
        assertThat(send("GET /text?" + "a".repeat(length) + " HTTP/1.1\r\n" + HOST + "\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("nosniff");
    }

    /** A proxy may add its header before one that its client sent: a route must not take either for the only one. */
    @Test
    void headersOfOneNameAreJoined() throws IOException {
        assertThat(Wire.get(port.number(), "/mode", "X-Mode: proxy", "x-mode: client")
                        .body())
                .isEqualTo("proxy, client\n");
        assertThat(Wire.get(port.number(), "/secret", "Authorization: Bearer guess", "Authorization: Bearer t")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void otherProtocolsAreNotSpokenOnRequest() throws IOException {
        assertThat(Wire.get(
                                port.number(),
                                "/text",
                                "Connection: Upgrade, HTTP2-Settings",
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void answersOnTheLoopbackAddressOfIpv6() throws IOException {
        byte[] one = new byte[16];
        one[15] = 1;
        InetAddress loopback = InetAddress.getByAddress(one);
        Assumptions.assumeTrue(isOfThisMachine(loopback), "this machine has no IPv6");
        try (Port six = open(loopback);
                Socket socket = new Socket(loopback, six.number())) {
            Wire.send(socket, "GET /source HTTP/1.1\r\nHost: [::1]:" + six.number() + "\r\n\r\n");

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("true 0:0:0:0:0:0:0:1\n");
        }
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            new ServerSocket(0, 1, address).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
