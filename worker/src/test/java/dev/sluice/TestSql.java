package dev.sluice;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A database as a test looks at it: past the program, on a connection of its own each time.
 *
 * @param url as {@link PostgresServer#createDatabase()} gives it
 * @param settings run first on every connection; may be empty
 */
public record TestSql(String url, String settings) {

    /** The server's user bears the name of our schema, which {@code "$user"} would therefore find first. */
    public static final String PUBLIC_FIRST = "SET search_path = public";

    /** Runs one or more statements. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            if (!settings.isEmpty()) {
                statement.execute(settings);
            }
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of every row, as text. */
    public List<String> query(String sql) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(url));
                Statement statement = connection.createStatement()) {
            if (!settings.isEmpty()) {
                statement.execute(settings);
            }
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
}
