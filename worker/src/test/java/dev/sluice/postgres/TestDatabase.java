package dev.sluice.postgres;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An empty database of its own on the one server of this JVM, seen as psql would see it. */
record TestDatabase(String url) {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    /** The server's user bears the name of our schema, which {@code "$user"} would therefore find first. */
    private static final String SETTINGS = "SET TIME ZONE 'UTC'; SET search_path = public";

    static TestDatabase create() {
        return new TestDatabase(SERVER.createDatabase());
    }

    static TestDatabase migrated() {
        TestDatabase created = create();
        new Migrations(created.address()).run();
        return created;
    }

    DatabaseAddress address() {
        return DatabaseAddress.from(Map.of("SLUICE_DATABASE_URL", url), false);
    }

    /** The same database, for another role without a password. */
    DatabaseAddress as(String role) {
        return DatabaseAddress.from(
                Map.of("SLUICE_DATABASE_URL", url.replace("://sluice@", "://" + role + "@")), false);
    }

    Database open() {
        return Database.open(address(), 2);
    }

    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of every row, as text. */
    List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS);
            ResultSet found = statement.executeQuery(sql);
            List<String> values = new ArrayList<>();
            while (found.next()) {
                values.add(String.valueOf(found.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    long count(String table) {
        return Long.parseLong(query("SELECT count(*) FROM " + table).getFirst());
    }
}
