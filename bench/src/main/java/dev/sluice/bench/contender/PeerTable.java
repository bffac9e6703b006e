package dev.sluice.bench.contender;

import dev.sluice.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The table that peers fill, the same that {@code sluice migrate} creates. Stateless. */
final class PeerTable {

    private static final String TABLE =
            """
            CREATE TABLE user_logins (
                user_id varchar(128), device_type varchar(32), masked_ip varchar(256), masked_device_id varchar(256),
                locale varchar(32), app_version integer, create_date date)
            """;

    private PeerTable() {}

    static void create(Target target) {
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(target.databaseUrl()));
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        } catch (SQLException refused) {
            throw new IllegalStateException("user_logins cannot be created, SQLSTATE " + refused.getSQLState());
        }
    }
}
