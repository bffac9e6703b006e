package dev.sluice.bench.measure;

import dev.sluice.embedded.PostgresServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An empty database per run, on an embedded server or a given one. Used by one thread. Its URLs hold a password: they go
 * into environments of processes only.
 */
public final class Databases implements AutoCloseable {

    private final @Nullable PostgresServer embedded;
    private final String administratorUrl;
    private int created;

    private Databases(@Nullable PostgresServer embedded, String administratorUrl) {
        this.embedded = embedded;
        this.administratorUrl = administratorUrl;
    }

    /** Starts a server; durability is off there (fsync). */
    public static Databases embedded() {
        PostgresServer server = PostgresServer.start();
        return new Databases(server, server.administratorUrl(server.createDatabase()));
    }

    /**
     * Uses a running server.
     *
     * @param url {@code postgresql://user:password@host:port/database} of a login that may create databases
     * @throws IllegalArgumentException if a part of it is missing
     */
    public static Databases given(String url) {
        if (!url.matches("postgresql://[^:@/]+:[^@/]+@[^:/]+:[0-9]+/[^?]+")) {
            throw new IllegalArgumentException(
                    "BENCH_DATABASE_URL: expected postgresql://user:password@host:port/database");
        }
        return new Databases(null, url);
    }

    /** Version of the server and what of it moves the figures. */
    public String description() {
        return text("SHOW server_version") + " (" + (embedded == null ? "given" : "embedded") + ", fsync "
                + text("SHOW fsync") + ", synchronous_commit " + text("SHOW synchronous_commit") + ")";
    }

    /** Returns the URL of an empty database; it exists until {@link #drop}. */
    String create() {
        if (embedded != null) {
            return embedded.createDatabase();
        }
        String name = "sluice_bench_" + ProcessHandle.current().pid() + "_" + ++created;
        execute("CREATE DATABASE " + name);
        return "postgresql://" + URI.create(administratorUrl).getRawAuthority() + "/" + name;
    }

    /** Removes a database that {@link #create} made. */
    void drop(String url) {
        execute("DROP DATABASE " + URI.create(url).getPath().substring(1) + " WITH (FORCE)");
    }

    private String text(String query) {
        return first(query, Function.identity());
    }

    /** Process id of the server if it runs on this machine and can be seen, else -1. */
    long serverPid() {
        return first("SELECT pg_backend_pid()", backend -> postmaster(Long.parseLong(backend)));
    }

    /** @param use of the first column of the first row, while the connection is open */
    private <T> T first(String query, Function<String, T> use) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(administratorUrl));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return use.apply(rows.getString(1));
        } catch (SQLException refused) {
            throw refused(refused);
        }
    }

    /** A backend of another machine or container has a number that here is free or another program's. */
    private static long postmaster(long backend) {
        return Cpu.isNamed(backend, "postgres") ? Cpu.parent(backend) : -1;
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(administratorUrl));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw refused(refused);
        }
    }

    private static IllegalStateException refused(SQLException refused) {
        return new IllegalStateException("PostgreSQL rejected a statement of the bench, SQLSTATE "
                + refused.getSQLState() + "; the login needs CREATEDB");
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
