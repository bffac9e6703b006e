package dev.sluice.access;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.http.Request;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in front of the console that knows its users: it names the user in a header of its choice, and proves itself by
 * a secret in {@value #SECRET_HEADER}, since anyone who reaches the port could send the first. Immutable.
 */
final class TrustedProxy {

    static final String SECRET_HEADER = "X-Sluice-Proxy-Secret";

    /** 128 bits in hexadecimal digits. */
    private static final int MIN_SECRET_CHARACTERS = 32;

    private final String userHeader;
    private final byte[] secretHash;
    private final Set<String> operators;

    private TrustedProxy(String userHeader, String secret, Set<String> operators) {
        this.userHeader = userHeader.toLowerCase(Locale.ROOT);
        this.secretHash = AccessToken.hash(secret);
        this.operators = operators;
    }

    /** @throws SettingsException if its settings are incomplete */
    static Optional<TrustedProxy> of(Settings settings) {
        String header = settings.text(Setting.CONSOLE_PROXY_HEADER);
        String secret = settings.secret(Setting.CONSOLE_PROXY_SECRET);
        String operators = settings.text(Setting.CONSOLE_PROXY_OPERATORS);
        List<String> problems = problems(header, secret, operators);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return header == null || secret == null
                ? Optional.empty()
                : Optional.of(new TrustedProxy(header, secret, names(operators)));
    }

    private static List<String> problems(@Nullable String header, @Nullable String secret, @Nullable String operators) {
        List<String> problems = new ArrayList<>();
        if (header == null && (secret != null || operators != null)) {
            problems.add(Setting.CONSOLE_PROXY_HEADER.key() + ": the name of a header was expected, since"
                    + " other console.proxy settings are set.");
        }
        if (header != null && (secret == null || secret.length() < MIN_SECRET_CHARACTERS)) {
            problems.add(Setting.CONSOLE_PROXY_SECRET.key() + ": a secret of " + MIN_SECRET_CHARACTERS
                    + " characters or more was expected, which the proxy sends in " + SECRET_HEADER + ".");
        }
        return problems;
    }

    private static Set<String> names(@Nullable String list) {
        return list == null
                ? Set.of()
                : Arrays.stream(list.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a request claims to come from the proxy. */
    boolean isClaimedBy(Request request) {
        return !presentedSecret(request).isEmpty();
    }

    /** Whether a request comes from the proxy. */
    boolean isProvenBy(Request request) {
        return MessageDigest.isEqual(AccessToken.hash(presentedSecret(request)), secretHash);
    }

    /** The user that the proxy names in a request that comes from it; empty when it names none. */
    Optional<Caller> user(Request request) {
        String user = request.header(userHeader);
        if (user.isBlank()) {
            return Optional.empty();
        }
        // Two such headers arrive as one with a comma, which is not among the operators: nobody adds a name to a
        // proxy's.
        Role role = operators.contains(user) ? Role.OPERATOR : Role.VIEWER;
        return Optional.of(new Caller(user, role, Caller.Authentication.PROXY));
    }

    private static String presentedSecret(Request request) {
        return request.header(SECRET_HEADER.toLowerCase(Locale.ROOT));
    }
}
