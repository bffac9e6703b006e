package dev.sluice.access;

import dev.sluice.config.PortSettings;
import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may use a route of the console. With a tokens file or a trusted proxy, only those it knows; without either,
 * everyone on this machine, as viewer. A browser's request from another site is refused. Thread-safe.
 */
public final class Access {

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private static final String BEARER = "Bearer ";

    private final @Nullable TokensFile tokens;
    private final @Nullable TrustedProxy proxy;
    private final FailedAttempts failures;

    Access(@Nullable TokensFile tokens, @Nullable TrustedProxy proxy, InstantSource clock) {
        this.tokens = tokens;
        this.proxy = proxy;
        this.failures = new FailedAttempts(clock);
    }

    /**
     * As the settings say.
     *
     * @param port where the console is to be served
     * @throws SettingsException if other machines could reach it without authentication, or what authenticates cannot be
     *     read
     */
    public static Access of(Settings settings, PortSettings port) {
        String file = settings.text(Setting.CONSOLE_TOKENS);
        TokensFile tokens = file == null ? null : new TokensFile(Path.of(file));
        TrustedProxy proxy = TrustedProxy.of(settings).orElse(null);
        if (tokens != null) {
            tokens.check();
        }
        if (tokens == null && proxy == null && !port.isLoopback()) {
            throw new SettingsException(List.of(Setting.CONSOLE_ADDRESS.key()
                    + ": without tokens the console is served on loopback only, such as 127.0.0.1. Set "
                    + Setting.CONSOLE_TOKENS.key() + " (sluice console token makes tokens) or "
                    + Setting.CONSOLE_PROXY_HEADER.key() + "."));
        }
        return new Access(tokens, proxy, InstantSource.system());
    }

    /** What is done for a caller who may. */
    @FunctionalInterface
    public interface Guarded {

        /** @see Route#answer */
        Response answer(Request request, Caller caller);
    }

    /**
     * A route for callers of at least this role: 401 for unknown callers, 403 for a weaker role or another site, 429 for an
     * unknown caller whose source failed too often.
     */
    public Route require(Role role, Guarded route) {
        return request -> switch (identify(request)) {
            case Known known ->
                known.caller().role().covers(role)
                        ? route.answer(request, known.caller())
                        : tooWeak(known.caller(), role);
            case Refused refused -> refused.answer();
        };
    }

    private static Response tooWeak(Caller caller, Role needed) {
        return Response.error(
                403,
                caller.authentication() == Caller.Authentication.LOOPBACK
                        ? "The console is read-only without tokens. Set console.tokens-file; sluice console token makes a"
                                + " token."
                        : "This needs the role " + needed.label() + "; yours is "
                                + caller.role().label() + ".");
    }

    /** Who sent a request, or the answer that refuses it. */
    public sealed interface Identity permits Known, Refused {}

    /** A caller with a role. */
    public record Known(Caller caller) implements Identity {}

    /** @param answer says why */
    public record Refused(Response answer) implements Identity {}

    /** Who sent a request, for routes that show less to those who are unknown. */
    public Identity identify(Request request) {
        Optional<String> foreign = CrossSite.problem(request);
        if (foreign.isPresent()) {
            return new Refused(Response.error(403, foreign.get()));
        }
        if (tokens == null && proxy == null) {
            return request.fromLoopback()
                    ? new Known(new Caller("this machine", Role.VIEWER, Caller.Authentication.LOOPBACK))
                    : new Refused(Response.error(403, "Without tokens, the console answers this machine only."));
        }
        return authenticate(request);
    }

    private Identity authenticate(Request request) {
        if (proxy != null && proxy.isClaimedBy(request)) {
            return byProxy(proxy, request);
        }
        String authorization = request.header("authorization");
        if (authorization.isEmpty()) {
            return new Refused(unknown("A token is required: Authorization: Bearer .."));
        }
        return byToken(authorization).<Identity>map(Known::new).orElseGet(() -> failed(request));
    }

    /** A proxy that names no user does not guess: all its users come from its address, and would be locked out with it. */
    private Identity byProxy(TrustedProxy known, Request request) {
        if (!known.isProvenBy(request)) {
            return failed(request);
        }
        return known.user(request)
                .<Identity>map(Known::new)
                .orElseGet(() -> new Refused(unknown("The proxy named no user.")));
    }

    private Identity failed(Request request) {
        boolean often = failures.failsTooOften(request.source());
        failures.failed(request.source());
        return new Refused(
                often
                        ? Response.error(429, "Too many attempts failed. Try again in a minute.")
                                .with("Retry-After", Long.toString(FailedAttempts.WINDOW.toSeconds()))
                        : unknown("This token is not valid."));
    }

    private Optional<Caller> byToken(String authorization) {
        if (tokens == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        try {
            return tokens.find(authorization.substring(BEARER.length()).strip());
        } catch (SettingsException unreadable) {
            LOG.warn("Nobody can use the console: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static Response unknown(String sentence) {
        return Response.error(401, sentence).with("WWW-Authenticate", "Bearer realm=\"sluice\"");
    }
}
