package dev.sluice.postgres.schema;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.Pooler;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The checks of {@code sluice doctor} on the database, over a separate connection; writes nothing. A check that depends on a
 * failed one is skipped: without a connection there is one finding, without a schema none on its grants. Thread-safe.
 */
public final class DatabaseChecks {

    /** The oldest major version that PostgreSQL supports in 2026 (versioning policy: five years). */
    private static final int OLDEST_SUPPORTED = 14;

    /** Event age compares two clocks; beyond this its figures mislead. NTP keeps machines within a tenth of it. */
    private static final Duration TOLERABLE_SKEW = Duration.ofSeconds(5);

    private static final String POOLER = "database pooler";
    private static final String TLS = "database TLS";

    private static final String ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private static final String LOCAL =
            "SELECT coalesce(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true)";

    private final DatabaseSettings address;
    private final PipelineSpec spec;
    private final int consumers;
    private final Clock clock;

    /** @param consumers as for {@link Database#open} */
    public DatabaseChecks(DatabaseSettings address, PipelineSpec spec, int consumers) {
        this(address, spec, consumers, Clock.systemUTC());
    }

    DatabaseChecks(DatabaseSettings address, PipelineSpec spec, int consumers, Clock clock) {
        this.address = address;
        this.spec = spec;
        this.consumers = consumers;
        this.clock = clock;
    }

    /** Runs the checks, in the order in which a run would meet the problems. Never throws. */
    public List<Finding> check() {
        List<Finding> findings = new ArrayList<>();
        try (Connection connection = Connections.single(address)) {
            boolean isPooled = Pooler.isBetween(connection);
            findings.add(version(connection));
            if (isPooled) {
                findings.add(pooler(connection));
            }
            findings.add(isPooled ? encryptionBehindPooler(connection) : encryption(connection));
            findings.add(writable(connection));
            findings.add(durability(connection));
            findings.add(clockSkew(connection));
            findings.add(connectionLimit(connection));
            schema(connection, findings);
            searchPath(connection, findings);
            table(connection, findings);
        } catch (InfrastructureException e) {
            findings.add(failed("database connection", e));
        } catch (SQLException e) {
            findings.add(failed("database", DatabaseFailures.translate(address, "check the database", e)));
        }
        return findings;
    }

    // Its message is our own text, not the driver's.
    private static Finding failed(String subject, InfrastructureException failure) {
        return Finding.fail(subject, failure.kind(), String.valueOf(failure.getMessage()));
    }

    private Finding version(Connection connection) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        String found = address + " answers, PostgreSQL " + major;
        return major >= OLDEST_SUPPORTED
                ? Finding.pass("database connection", found)
                : Finding.warn("database connection", found + ", which is no longer supported; upgrade to 14 or later");
    }

    /** The audit names the login that PostgreSQL sees. */
    private Finding pooler(Connection connection) throws SQLException {
        String login = Query.of(connection, "SELECT session_user").text();
        return login.equals(address.user())
                ? Finding.pass(POOLER, "lends out PostgreSQL's sessions; each transaction brings its own settings")
                : Finding.warn(
                        POOLER,
                        "logs in as " + login + " instead of " + address.user() + ": the audit names " + login
                                + " for everyone; let it log in as its clients do");
    }

    /** Of the pooler's own connection; how this one is encrypted, the sslmode says. */
    private static Finding encryptionBehindPooler(Connection connection) throws SQLException {
        boolean isEncrypted = Query.of(connection, ENCRYPTED).isTrue();
        return isEncrypted || Query.of(connection, LOCAL).isTrue()
                ? Finding.pass(
                        TLS, "the pooler's own connection is " + (isEncrypted ? "encrypted" : "local to the server"))
                : Finding.warn(
                        TLS,
                        "the pooler's connection to the server is not encrypted: rows and password cross the network;"
                                + " set server_tls_sslmode of PgBouncer");
    }

    private Finding encryption(Connection connection) throws SQLException {
        boolean isEncrypted = Query.of(connection, ENCRYPTED).isTrue();
        if (isEncrypted) {
            return address.sslMode().equals("verify-full") || address.isLoopback()
                    ? Finding.pass(TLS, "encrypted, sslmode " + address.sslMode())
                    : Finding.warn(TLS, "encrypted, but the server is not verified; use sslmode=verify-full");
        }
        return address.isLoopback()
                ? Finding.pass(TLS, "not encrypted, on loopback")
                : Finding.warn(TLS, "not encrypted: rows and password cross the network; enable TLS");
    }

    private static Finding writable(Connection connection) throws SQLException {
        boolean isReadOnly = Query.of(
                        connection,
                        "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")
                .isTrue();
        return isReadOnly
                ? Finding.fail(
                        "database writable",
                        Kind.TRANSIENT,
                        "the server is a standby or read-only; point the address at the primary")
                : Finding.pass("database writable", "the server accepts writes");
    }

    // The value before this session changed it.
    private Finding durability(Connection connection) throws SQLException {
        String commit = Query.of(connection, "SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
                .text();
        String standbys = Query.of(connection, "SELECT current_setting('synchronous_standby_names')")
                .text();
        boolean off = commit.equals("off");
        String found = "synchronous_commit is " + commit + (off && address.raisesCommit() ? ", on in our sessions" : "")
                + ", synchronous_standby_names is " + (standbys.isEmpty() ? "empty" : standbys);
        if (off && !address.raisesCommit()) {
            return Finding.warn(
                    "database durability",
                    found + ": a crash of the server loses rows whose messages are deleted;"
                            + " set database.synchronous-commit to on");
        }
        return Finding.pass(
                "database durability",
                found + ": a commit is on disk when it returns"
                        + (standbys.isEmpty() || commit.equals("local") ? ", a standby may not have it yet" : ""));
    }

    private Finding clockSkew(Connection connection) throws SQLException {
        Instant now = Query.of(connection, "SELECT clock_timestamp()")
                .one(row -> Objects.requireNonNull(Query.instant(row, 1)));
        Duration skew = Duration.between(now, clock.instant()).abs();
        return skew.compareTo(TOLERABLE_SKEW) <= 0
                ? Finding.pass("database clock", "agrees with this machine's")
                : Finding.warn(
                        "database clock", "differs by " + skew.toSeconds() + " s from this machine's; run NTP on both");
    }

    private Finding connectionLimit(Connection connection) throws SQLException {
        long free = Query.of(
                        connection,
                        "SELECT current_setting('max_connections')::integer"
                                + " - current_setting('superuser_reserved_connections')::integer"
                                + " - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')")
                .number();
        int required = consumers + 1;
        String found = required + " required, " + free + " free";
        return free >= required
                ? Finding.pass("database connections", found)
                : Finding.warn(
                        "database connections", found + "; lower the setting consumers or raise max_connections");
    }

    private static void schema(Connection connection, List<Finding> findings) throws SQLException {
        try {
            schema(connection, Migrations.state(connection), findings);
        } catch (InfrastructureException e) {
            findings.add(failed("schema sluice", e));
        }
    }

    private static void schema(Connection connection, SchemaState state, List<Finding> findings) throws SQLException {
        if (state != SchemaState.CURRENT) {
            findings.add(Finding.fail("schema sluice", Kind.CONFIG, state.explanation()));
            return;
        }
        findings.add(Finding.pass("schema sluice", state.explanation()));
        String missing = WorkerPrivileges.missing(connection);
        findings.add(
                missing.isEmpty()
                        ? Finding.pass("database privileges", "the role may write ledger and quarantine")
                        : Finding.fail(
                                "database privileges", Kind.NOT_PERMITTED, "the role lacks " + missing + "; GRANT it"));
    }

    private static void searchPath(Connection connection, List<Finding> findings) throws SQLException {
        List<String> open = SearchPath.openToOthers(connection);
        if (open.isEmpty()) {
            findings.add(Finding.pass("search path", "no other role can create in its schemas"));
        }
        open.forEach(schema -> findings.add(Finding.warn("search path", schema)));
    }

    private void table(Connection connection, List<Finding> findings) throws SQLException {
        try {
            table(connection, SearchPath.locate(connection, spec.sink()), findings);
        } catch (InfrastructureException e) {
            findings.add(failed("target table", e));
        }
    }

    private void table(Connection connection, PipelineSpec.Sink located, List<Finding> findings) throws SQLException {
        List<Finding> problems = new TargetTable(spec.into(located)).differences(connection);
        if (problems.isEmpty()) {
            findings.add(Finding.pass("target table", spec.sink().qualifiedName() + " takes the pipeline's rows"));
        }
        findings.addAll(problems);
        findings.add(triggers(RowTriggers.beforeEachRow(connection, located)));
    }

    private Finding triggers(List<String> triggers) {
        if (triggers.isEmpty()) {
            return Finding.pass("table triggers", "none that could drop a row before it is stored");
        }
        String names = "BEFORE INSERT triggers for each row: " + String.join(", ", triggers) + "; ";
        return switch (spec.sink().rowsTakenByTrigger()) {
            case REFUSE ->
                Finding.warn(
                        "table triggers",
                        names + "a row that one of them drops (RETURN NULL) is quarantined as dropped-by-table. If it"
                                + " stores such rows elsewhere, set sink.rows-taken-by-trigger: accept");
            case ACCEPT ->
                Finding.warn(
                        "table triggers",
                        names + "a row that one of them drops without storing it elsewhere is lost without a trace. If"
                                + " none stores rows elsewhere, set sink.rows-taken-by-trigger: refuse");
        };
    }
}
