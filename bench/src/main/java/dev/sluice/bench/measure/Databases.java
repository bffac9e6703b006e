package dev.sluice.bench.measure;

import dev.sluice.embedded.PostgresServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** @param url {@code postgresql://user:password@host:port/database} of a login that may create databases */
    public static Databases given(String url) {
        return new Databases(null, url);
    }

    public boolean isEmbedded() {
        return embedded != null;
    }

    /** Returns the URL of an empty database; it exists until {@link #drop}. */
    String create() {
        if (embedded != null) {
            return embedded.createDatabase();
        }
        String name = "sluice_bench_" + ProcessHandle.current().pid() + "_" + ++created;
        execute("CREATE DATABASE " + name);
        URI url = URI.create(administratorUrl);
        return "postgresql://" + url.getRawUserInfo() + "@" + url.getHost() + ":" + url.getPort() + "/" + name;
    }

    /** Removes a database that {@link #create} made. */
    void drop(String url) {
        execute("DROP DATABASE " + URI.create(url).getPath().substring(1) + " WITH (FORCE)");
    }

    /** First column of the first row, as a number. */
    static long number(String databaseUrl, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(databaseUrl));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** First column of the first row. */
    public String text(String query) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(administratorUrl));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException refused) {
            throw refused(refused);
        }
    }

    /** Process id of the server if it runs on this machine and can be seen, else -1. */
    long serverPid() {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(administratorUrl));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return postmaster(rows.getLong(1));
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
