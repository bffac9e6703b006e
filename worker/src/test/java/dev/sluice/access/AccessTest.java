package dev.sluice.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.PortSettings;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.config.SettingsReader;
import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final PortSettings LOOPBACK = new PortSettings("127.0.0.1", 8080, false);
    private static final PortSettings OPEN = new PortSettings("0.0.0.0", 8080, true);
    private static final String SECRET = "canary-4711-canary-4711-canary-4711";

    private final String viewer = AccessToken.generate();
    private final String operator = AccessToken.generate();

    @TempDir
    Path folder;

    private Path tokens;

    @BeforeEach
    void writeTokens() throws IOException {
        tokens = write(AccessToken.line("ada", Role.VIEWER, viewer) + "\n\n# on call\n"
                + AccessToken.line("bob", Role.OPERATOR, operator) + "  # until May\n");
    }

    private Path write(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Access withTokens() {
        return Access.of(settings(Map.of("SLUICE_CONSOLE_TOKENS_FILE", tokens.toString())), OPEN);
    }

    private static Access withProxy() {
        return Access.of(
                settings(Map.of(
                        "SLUICE_CONSOLE_PROXY_HEADER", "X-Forwarded-User",
                        "SLUICE_CONSOLE_PROXY_SECRET", SECRET,
                        "SLUICE_CONSOLE_PROXY_OPERATORS", "bob@example.org, eve@example.org")),
                OPEN);
    }

    private static Access ofThisMachine() {
        return Access.of(settings(Map.of()), LOOPBACK);
    }

    private static Settings settings(Map<String, String> environment) {
        return SettingsReader.read(Map.of(), null, environment);
    }

    private static Request get(String... headers) {
        return request("GET", true, "10.0.0.1", headers);
    }

    private static Request post(String... headers) {
        return request("POST", true, "10.0.0.1", headers);
    }

    /** @param headers name, value, name, value, .. */
    private static Request request(String method, boolean fromLoopback, String source, String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("host", "localhost:8080"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new Request(method, "/api/x", Map.of(), all, new byte[0], fromLoopback, source);
    }

    private static int status(Access access, Role role, Request request) {
        return answer(access, role, request).status();
    }

    private static Response answer(Access access, Role role, Request request) {
        Route route = access.require(role, (asked, caller) -> Response.text(200, caller.name() + " is a " + caller));
        return route.answer(request);
    }

    private static String[] bearer(String token) {
        return new String[] {"authorization", "Bearer " + token, "x-sluice-request", "1"};
    }

    @Test
    void tokensHaveTheRoleOfTheirLine() {
        Access access = withTokens();

        assertThat(status(access, Role.VIEWER, get(bearer(viewer)))).isEqualTo(200);
        assertThat(status(access, Role.OPERATOR, post(bearer(viewer)))).isEqualTo(403);
        assertThat(status(access, Role.OPERATOR, post(bearer(operator)))).isEqualTo(200);
        assertThat(new String(answer(access, Role.VIEWER, get(bearer(operator))).body(), UTF_8))
                .isEqualTo("bob is a operator by token\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer x", "Basic YTpi", "bearer", "Bearer  \u00e9"})
    void unknownCallersAreAskedForAToken(String authorization) {
        Response answer = answer(withTokens(), Role.VIEWER, get("authorization", authorization));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers()).containsKey("WWW-Authenticate");
    }

    @Test
    void theHashOfTheFileIsNotAToken() throws IOException {
        String hash = Files.readString(tokens).split("\\s+", -1)[2];

        assertThat(status(withTokens(), Role.VIEWER, get(bearer(hash)))).isEqualTo(401);
    }

    @Test
    void aLoopbackPeerNeedsATokenToo() {
        assertThat(status(withTokens(), Role.VIEWER, get())).isEqualTo(401);
        assertThat(status(withProxy(), Role.VIEWER, get())).isEqualTo(401);
    }

    @Test
    void aChangeOfTheFileCountsAtOnce() throws IOException {
        Access access = withTokens();
        String added = AccessToken.generate();

        write(AccessToken.line("eve", Role.VIEWER, added));

        assertThat(status(access, Role.VIEWER, get(bearer(operator)))).isEqualTo(401);
        assertThat(status(access, Role.VIEWER, get(bearer(added)))).isEqualTo(200);
    }

    @Test
    void aFileThatBreaksLetsNobodyIn() throws IOException {
        Access access = withTokens();

        write(AccessToken.line("bob", Role.OPERATOR, operator) + "\nbroken");
        assertThat(status(access, Role.VIEWER, get(bearer(operator)))).isEqualTo(401);

        Files.delete(tokens);
        assertThat(status(access, Role.VIEWER, get(bearer(operator)))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada viewer",
                "ada admin 0000000000000000000000000000000000000000000000000000000000000000",
                "ada viewer 00",
                "a/b viewer 0000000000000000000000000000000000000000000000000000000000000000",
                "ada viewer 0000000000000000000000000000000000000000000000000000000000000000 x",
            })
    void malformedLinesAreRefusedByNumber(String line) throws IOException {
        write("# first\n" + line);

        assertThatThrownBy(this::withTokens)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("line 2 was expected to be: name role sha256-of-token")
                .hasMessageNotContaining("0000");
    }

    @Test
    void aNameStandsOnce() throws IOException {
        write(AccessToken.line("ada", Role.VIEWER, viewer) + "\n" + AccessToken.line("ada", Role.OPERATOR, operator));

        assertThatThrownBy(this::withTokens).hasMessageContaining("line 2");
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, true",
        "r--------, true",
        "r--r-----, true",
        "rw-r--r--, false",
        "rw-rw----, false",
        "rw-----w-, false"
    })
    void othersMustNotReachTheFile(String mode, boolean accepted) throws IOException {
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString(mode));

        if (accepted) {
            assertThat(status(withTokens(), Role.VIEWER, get(bearer(viewer)))).isEqualTo(200);
        } else {
            assertThatThrownBy(this::withTokens).hasMessageContaining("chmod 600");
        }
    }

    @Test
    void withoutTokensThisMachineMayLook() {
        Access access = ofThisMachine();

        assertThat(status(access, Role.VIEWER, get())).isEqualTo(200);
        assertThat(status(access, Role.OPERATOR, post("x-sluice-request", "1"))).isEqualTo(403);
        assertThat(status(access, Role.VIEWER, request("GET", false, "10.0.0.1")))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "db.example.org"})
    void otherAddressesNeedAuthentication(String address) {
        assertThatThrownBy(() -> Access.of(settings(Map.of()), new PortSettings(address, 8080, true)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("console.tokens-file");
    }

    @Test
    void theProxyNamesUsersOnlyWithItsSecret() {
        Access access = withProxy();

        assertThat(new String(
                        answer(
                                        access,
                                        Role.VIEWER,
                                        get("x-forwarded-user", "ada@example.org", "x-sluice-proxy-secret", SECRET))
                                .body(),
                        UTF_8))
                .isEqualTo("ada@example.org is a viewer by proxy\n");
        assertThat(status(
                        access,
                        Role.OPERATOR,
                        post(
                                "x-forwarded-user",
                                "bob@example.org",
                                "x-sluice-proxy-secret",
                                SECRET,
                                "x-sluice-request",
                                "1")))
                .isEqualTo(200);
        assertThat(status(access, Role.VIEWER, get("x-forwarded-user", "bob@example.org")))
                .isEqualTo(401);
        assertThat(status(
                        access,
                        Role.VIEWER,
                        get("x-forwarded-user", "bob@example.org", "x-sluice-proxy-secret", SECRET + "x")))
                .isEqualTo(401);
        assertThat(status(access, Role.VIEWER, get("x-sluice-proxy-secret", SECRET)))
                .as("without a user")
                .isEqualTo(401);
    }

    @Test
    void theProxyNeedsHeaderAndSecret() {
        for (Map<String, String> part : List.of(
                Map.of("SLUICE_CONSOLE_PROXY_HEADER", "X-User"),
                Map.of("SLUICE_CONSOLE_PROXY_HEADER", "X-User", "SLUICE_CONSOLE_PROXY_SECRET", "canary-4711"),
                Map.of("SLUICE_CONSOLE_PROXY_SECRET", SECRET),
                Map.of("SLUICE_CONSOLE_PROXY_OPERATORS", "canary-4711"))) {
            assertThatThrownBy(() -> Access.of(settings(part), LOOPBACK))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("console.proxy-")
                    .hasMessageNotContaining("canary");
        }
    }

    @Test
    void aSourceThatFailsTooOftenWaits() {
        Access access = withTokens();
        for (int i = 0; i < FailedAttempts.ALLOWED; i++) {
            assertThat(status(access, Role.VIEWER, get(bearer("guess")))).isEqualTo(401);
        }

        Response locked = answer(access, Role.VIEWER, get(bearer("guess")));

        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.headers()).containsKey("Retry-After");
        assertThat(status(access, Role.VIEWER, request("GET", false, "10.0.0.2", bearer(viewer))))
                .as("another source")
                .isEqualTo(200);
    }

    /** Else any process of this machine, or anyone behind the same router, could keep its users out. */
    @Test
    void aSourceThatFailsTooOftenKeepsNoTokenOut() {
        Access access = withTokens();
        for (int i = 0; i <= FailedAttempts.ALLOWED; i++) {
            status(access, Role.VIEWER, get(bearer("guess")));
        }

        assertThat(status(access, Role.VIEWER, get(bearer(viewer)))).isEqualTo(200);
        assertThat(status(access, Role.VIEWER, get(bearer("guess")))).isEqualTo(429);
    }

    @Test
    void manySourcesThatFailKeepNobodyElseOut() {
        Access access = withTokens();
        for (int i = 0; i < 10_000; i++) {
            status(access, Role.VIEWER, request("GET", false, "2001:db8::" + i, bearer("guess")));
        }

        assertThat(status(access, Role.VIEWER, request("GET", false, "10.0.0.2", bearer(viewer))))
                .isEqualTo(200);
    }

    /** All users of a proxy come from its address. */
    @Test
    void aProxyWithoutAUserDoesNotLockItsUsersOut() {
        Access access = withProxy();
        for (int i = 0; i < 2 * FailedAttempts.ALLOWED; i++) {
            assertThat(status(access, Role.VIEWER, get("x-sluice-proxy-secret", SECRET)))
                    .isEqualTo(401);
        }

        assertThat(status(
                        access,
                        Role.VIEWER,
                        get("x-sluice-proxy-secret", SECRET, "x-forwarded-user", "ada@example.org")))
                .isEqualTo(200);
    }

    @Test
    void twoUsersInOneHeaderAreNotAnOperator() {
        assertThat(status(
                        withProxy(),
                        Role.OPERATOR,
                        post(
                                "x-sluice-proxy-secret",
                                SECRET,
                                "x-forwarded-user",
                                "ada@example.org, bob@example.org",
                                "x-sluice-request",
                                "1")))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "sec-fetch-site, cross-site",
        "sec-fetch-site, same-site",
        "origin, null",
        "origin, http://evil.example",
        "origin, http://localhost:8081",
        "x-sluice-request, ''",
        "x-sluice-request, yes",
    })
    void requestsOfOtherSitesAreRefused(String header, String value) {
        String[] headers = {"authorization", "Bearer " + operator, "x-sluice-request", "1", header, value};

        assertThat(status(withTokens(), Role.OPERATOR, post(headers))).isEqualTo(403);
        assertThat(status(ofThisMachine(), Role.VIEWER, post("x-sluice-request", "1", header, value)))
                .isEqualTo(403);
    }

    @Test
    void requestsOfItsOwnPageAreAnswered() {
        String[] headers = {
            "authorization", "Bearer " + operator,
            "x-sluice-request", "1",
            "sec-fetch-site", "same-origin",
            "origin", "https://localhost:8080"
        };

        assertThat(status(withTokens(), Role.OPERATOR, post(headers))).isEqualTo(200);
    }

    @Test
    void aLinkOfAnotherSiteMayLeadToThePage() {
        String[] link = {"sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate", "sec-fetch-dest", "document"};

        assertThat(status(ofThisMachine(), Role.VIEWER, get(link))).isEqualTo(200);
        assertThat(status(ofThisMachine(), Role.VIEWER, post(link))).isEqualTo(403);
    }

    @Test
    void tokensAreRandomAndNamesPlain() {
        assertThat(viewer).isNotEqualTo(operator).matches("sluice_[A-Za-z0-9_-]{43}");
        assertThat(AccessToken.isName("ada.l+x@example.org")).isTrue();
        assertThat(AccessToken.isName("a b")).isFalse();
        assertThat(AccessToken.isName("#a")).isFalse();
    }
}
