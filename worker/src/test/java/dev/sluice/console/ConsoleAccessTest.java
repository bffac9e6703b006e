package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.Access;
import dev.sluice.access.AccessToken;
import dev.sluice.access.Role;
import dev.sluice.app.Assembly;
import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.http.Limits;
import dev.sluice.http.Port;
import dev.sluice.http.Routes;
import dev.sluice.http.Wire;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.History;
import dev.sluice.metrics.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route of the console against those who may not use it. Nothing here reaches a queue or a database. */
class ConsoleAccessTest {

    /** Which the page needs before it has a token; they show nothing of a worker. */
    private static final List<String> OPEN = List.of("/", "/assets/");

    private static final String OWN = "X-Sluice-Request: 1";
    private static final String JSON = "Content-Type: application/json";

    private final String viewer = AccessToken.generate();
    private final String operator = AccessToken.generate();

    @TempDir
    private Path folder;

    private ConsoleRoutes console;
    private Port withTokens;
    private Port withoutTokens;
    private final Routes routes = new Routes();

    @BeforeEach
    void open() throws IOException {
        Path tokens = Files.writeString(
                folder.resolve("tokens"),
                AccessToken.line("ada", Role.VIEWER, viewer) + "\n" + AccessToken.line("bob", Role.OPERATOR, operator));
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        Settings guarded = SettingsReader.read(Map.of(), null, Map.of("SLUICE_CONSOLE_TOKENS_FILE", tokens.toString()));
        Settings bare = SettingsReader.read(Map.of(), null, Map.of());
        console = new ConsoleRoutes(new Assembly(bare), new Idle(), List::of);
        console.addTo(routes, access(guarded));
        withTokens = port(routes);
        Routes readOnly = new Routes();
        console.addTo(readOnly, access(bare));
        withoutTokens = port(readOnly);
    }

    private static Access access(Settings settings) {
        return Access.of(settings, new PortSettings("127.0.0.1", 0, true));
    }

    private static Port port(Routes routes) throws IOException {
        return Port.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), host -> true, routes, Limits.USUAL);
    }

    @AfterEach
    void close() {
        withTokens.close();
        withoutTokens.close();
        console.close();
    }

    /** Method and path of each route that shows or does something. */
    private Stream<String[]> guarded() {
        return routes.all().entrySet().stream()
                .filter(entry -> !OPEN.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream().map(method -> new String[] {method, entry.getKey()}));
    }

    private Stream<String[]> posts() {
        return guarded().filter(route -> route[0].equals("POST"));
    }

    private static int status(Port port, String[] route, String... headers) throws IOException {
        boolean posts = route[0].equals("POST");
        return Wire.exchange(port.number(), Wire.request(route[0], route[1], posts ? "{}" : "", headers))
                .status();
    }

    @Test
    void coversTheRoutesOfTheConsole() {
        assertThat(guarded().map(route -> route[1])).contains("/api/status", "/api/table", "/api/quarantine/replay");
        assertThat(posts()).hasSizeGreaterThan(1);
    }

    @Test
    void nobodyIsAnsweredWithoutAToken() throws IOException {
        for (String[] route : guarded().toList()) {
            assertThat(status(withTokens, route, JSON, OWN)).as(route[1]).isEqualTo(401);
        }
        for (String[] route : guarded().limit(3).toList()) {
            assertThat(status(withTokens, route, JSON, OWN, "Authorization: Bearer guess"))
                    .as(route[1])
                    .isEqualTo(401);
        }
    }

    /** HEAD needs what GET needs; nothing else passes, not even to say who may ask across sites. */
    @Test
    void otherMethodsShowNothing() throws IOException {
        for (Map.Entry<String, Set<String>> route : routes.all().entrySet()) {
            for (String method : List.of("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE")) {
                Wire.Reply reply = Wire.exchange(
                        withTokens.number(),
                        Wire.request(method, route.getKey(), "", "Access-Control-Request-Method: POST", OWN));
                boolean reads = method.equals("HEAD") && route.getValue().contains("GET");
                if (!reads) {
                    assertThat(reply.status()).as(method + route).isEqualTo(405);
                } else if (!OPEN.contains(route.getKey())) {
                    assertThat(reply.status()).as(method + route).isEqualTo(401);
                    assertThat(reply.body()).isEmpty();
                }
                assertThat(reply.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            }
        }
    }

    @Test
    void aViewerChangesNothing() throws IOException {
        assertThat(status(
                        withTokens,
                        new String[] {"POST", "/api/quarantine/replay"},
                        JSON,
                        OWN,
                        "Authorization: Bearer " + viewer))
                .isEqualTo(403);
        assertThat(status(withoutTokens, new String[] {"POST", "/api/quarantine/replay"}, JSON, OWN))
                .as("nobody does without tokens")
                .isEqualTo(403);
    }

    @Test
    void otherSitesAreRefusedEvenWithAToken() throws IOException {
        String[] foreign = {"Sec-Fetch-Site: cross-site", "Origin: http://evil.example", "Origin: null"};
        for (String[] route : guarded().toList()) {
            for (String header : foreign) {
                assertThat(status(withTokens, route, JSON, OWN, header, "Authorization: Bearer " + operator))
                        .as(route[1] + ", " + header)
                        .isEqualTo(403);
                assertThat(status(withoutTokens, route, JSON, OWN, header))
                        .as(route[1])
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void changesNeedTheHeaderThatOtherSitesCannotSend() throws IOException {
        for (String[] route : posts().toList()) {
            assertThat(status(withTokens, route, JSON, "Authorization: Bearer " + operator))
                    .as(route[1])
                    .isEqualTo(403);
        }
    }

    @Test
    void bodiesAreSmallAndJson() throws IOException {
        for (String[] route : posts().toList()) {
            assertThat(status(withTokens, route, OWN, "Content-Type: text/plain"))
                    .as(route[1])
                    .isEqualTo(415);
            assertThat(Wire.post(withTokens.number(), route[1], " ".repeat(Limits.USUAL.maxBodyBytes() + 1))
                            .status())
                    .as(route[1])
                    .isEqualTo(413);
        }
    }

    /** Of a worker that has done nothing. */
    private static final class Idle implements Figures {

        @Override
        public Status status() {
            Instant now = Instant.EPOCH;
            return new Status(
                    "1",
                    "p",
                    "q",
                    "t",
                    now,
                    now,
                    Status.State.IDLE,
                    now,
                    null,
                    null,
                    2,
                    new Status.Outcomes(0, 0, 0, 0),
                    new Status.Rates(0, 0, 0, 0),
                    Map.of(),
                    new Status.Quantiles(null, null),
                    new Status.InFlight(0, 0),
                    null,
                    null,
                    Map.of(),
                    null,
                    new Status.Pool(0, 3));
        }

        @Override
        public History history(History.Span span) {
            return new History(Duration.ofSeconds(5), List.of());
        }

        @Override
        public Scrape scrape(String accept) {
            return new Scrape("text/plain", "");
        }
    }
}
