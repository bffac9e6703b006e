package dev.sluice.postgres.db;

import dev.sluice.config.Loopback;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, who connects, and how the connection is protected: checked, complete, immutable. Neither
 * {@link #toString()} nor an exception shows the URL or the password.
 */
public final class DatabaseAddress {

    /** libpq's modes, weakest first (PostgreSQL manual, 34.19.3, table 34.1). */
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** libpq's word for the trust store of the machine; here, the JVM's. */
    private static final String SYSTEM_TRUST = "system";

    private static final Map<String, String> PG_SETTINGS = Map.of(
            "host", "PGHOST",
            "port", "PGPORT",
            "database", "PGDATABASE",
            "user", "PGUSER",
            "password", "PGPASSWORD",
            "sslmode", "PGSSLMODE",
            "sslrootcert", "PGSSLROOTCERT");

    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final @Nullable String password;
    private final String sslMode;
    private final String sslRootCert;
    private final boolean raisesCommit;

    private DatabaseAddress(Map<String, String> parts, String osUser, boolean insecureTls) {
        host = checkedHost(parts.getOrDefault("host", "localhost"));
        port = checkedPort(parts.getOrDefault("port", "5432"));
        user = parts.getOrDefault("user", osUser);
        database = parts.getOrDefault("database", user);
        password = parts.get("password");
        sslMode = checkedSslMode(parts.get("sslmode"), isLoopback(), insecureTls);
        sslRootCert = parts.getOrDefault("sslrootcert", SYSTEM_TRUST);
        raisesCommit = !parts.getOrDefault("synchronous-commit", "on").equals("as-found");
    }

    /**
     * Reads the address from settings. What {@code SLUICE_DATABASE_URL} does not say, libpq's {@code PGHOST PGPORT
     * PGDATABASE PGUSER PGPASSWORD PGSSLMODE PGSSLROOTCERT} say, and where they are silent libpq's defaults hold:
     * localhost, 5432, the operating system's user, a database of the user's name. The mode of TLS is
     * {@code verify-full}, against the JVM's trust store unless a root certificate is named; on loopback, or when
     * {@code insecureTls} allows it, {@code prefer}. {@code SLUICE_DATABASE_SYNCHRONOUS_COMMIT} says how sessions commit.
     *
     * @param settings environment variables by name, {@code *_FILE} already read; other names are ignored, empty values
     *     count as absent
     * @param insecureTls whether {@code --insecure-database-tls} was given
     * @throws InfrastructureException CONFIG when a setting is malformed, or asks for less than {@code verify-full} on a
     *     host other than loopback without the flag
     */
    public static DatabaseAddress from(Map<String, String> settings, boolean insecureTls) {
        return from(settings, System.getProperty("user.name", "postgres"), insecureTls);
    }

    static DatabaseAddress from(Map<String, String> settings, String osUser, boolean insecureTls) {
        Map<String, String> parts = new HashMap<>();
        PG_SETTINGS.forEach((part, setting) -> {
            String value = settings.getOrDefault(setting, "");
            if (!value.isEmpty()) {
                parts.put(part, value);
            }
        });
        String commit = settings.getOrDefault("SLUICE_DATABASE_SYNCHRONOUS_COMMIT", "");
        if (!commit.isEmpty()) {
            parts.put("synchronous-commit", commit);
        }
        String url = settings.getOrDefault("SLUICE_DATABASE_URL", "");
        if (!url.isEmpty()) {
            parts.putAll(DatabaseUrl.parse(url));
        }
        return new DatabaseAddress(parts, osUser, insecureTls);
    }

    private static String checkedHost(String host) {
        if (host.indexOf(',') >= 0) {
            throw new InfrastructureException(
                    Kind.CONFIG, "the database address names several hosts; name one (a proxy or a virtual address)");
        }
        if (host.startsWith("/") || host.startsWith("@")) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the database host (PGHOST) is a socket folder; Java connects by TCP, so name a host such as localhost");
        }
        return host;
    }

    private static int checkedPort(String port) {
        if (port.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= 65_535) {
                return number;
            }
        }
        throw new InfrastructureException(
                Kind.CONFIG, "the port of SLUICE_DATABASE_URL or PGPORT is no number from 1 to 65535");
    }

    private static String checkedSslMode(@Nullable String mode, boolean loopback, boolean insecureTls) {
        boolean mayBeWeak = loopback || insecureTls;
        if (mode == null) {
            return mayBeWeak ? "prefer" : "verify-full";
        }
        if (!SSL_MODES.contains(mode)) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "sslmode (SLUICE_DATABASE_URL or PGSSLMODE) is none of " + String.join(", ", SSL_MODES));
        }
        if (!mode.equals("verify-full") && !mayBeWeak) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "sslmode=" + mode + " lets anyone on the way stand in for the database; use verify-full (with"
                            + " sslrootcert=FILE where its certificate is not publicly trusted), or say"
                            + " --insecure-database-tls to accept that");
        }
        return mode;
    }

    /** A name or a literal address without brackets. */
    public String host() {
        return host;
    }

    /** 1 to 65535. */
    public int port() {
        return port;
    }

    /** The database's name. */
    public String database() {
        return database;
    }

    /** The role that connects. */
    public String user() {
        return user;
    }

    /** One of libpq's six modes. */
    public String sslMode() {
        return sslMode;
    }

    /** Whether the host is this machine, by name or address. */
    public boolean isLoopback() {
        return Loopback.isThisMachine(host);
    }

    /** Whether sessions that find {@code synchronous_commit} off set it to on; false only for {@code as-found}. */
    public boolean raisesCommit() {
        return raisesCommit;
    }

    @Nullable
    String password() {
        return password;
    }

    /** The file of trusted roots; null for the JVM's trust store. */
    @Nullable
    String sslRootCertFile() {
        return sslRootCert.equals(SYSTEM_TRUST) ? null : sslRootCert;
    }

    /** Who and where, without the password. */
    @Override
    public String toString() {
        String shownHost = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return user + "@" + shownHost + ":" + port + "/" + database + " (sslmode " + sslMode + ")";
    }
}
