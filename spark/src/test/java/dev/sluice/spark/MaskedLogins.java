package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Rows of the default pipeline, masked with the keys of the application's file as they are when this is made. */
final class MaskedLogins {

    static final String IP = Masks.field(Application.SPEC.name(), "masked_ip");
    static final String DEVICE = Masks.field(Application.SPEC.name(), "masked_device_id");

    private final Application application;
    private final ReversibleMask ip;
    private final ReversibleMask device;

    MaskedLogins(Application application) {
        this.application = application;
        Keysets keysets = application.keys().read();
        this.ip = mask("masked_ip", keysets);
        this.device = mask("masked_device_id", keysets);
    }

    private static ReversibleMask mask(String name, Keysets keysets) {
        return Application.SPEC.columns().stream()
                .filter(column -> column.name().equals(name))
                .map(column -> (ReversibleMask) Objects.requireNonNull(Mappers.mask(Application.SPEC, column, keysets)))
                .findFirst()
                .orElseThrow();
    }

    private static String ipOf(int user) {
        return "198.18." + user / 250 % 250 + "." + user % 250;
    }

    private static String deviceOf(int user) {
        return String.format(Locale.ROOT, "111-22-%04d", user % 10_000);
    }

    /**
     * Inserts users {@code from} to {@code to - 1}, few to a block: a table of many pages from few rows. Each 1,024 blocks,
     * some 5,000 rows, are a task of Spark.
     */
    void insert(int from, int to) throws SQLException {
        application.execute("ALTER TABLE user_logins SET (fillfactor = 10)");
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(application.url()));
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO user_logins VALUES (?, 'android', ?, ?, 'RU', 2, '2026-01-01')")) {
            connection.setAutoCommit(false);
            for (int user = from; user < to; user++) {
                insert.setString(1, Integer.toString(user));
                insert.setString(2, ip.mask(ipOf(user)));
                insert.setString(3, device.mask(deviceOf(user)));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    /** So that a page takes a quarter of a second, and is in progress when something happens to its executor. */
    void slowDown() throws SQLException {
        application.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_catalog.pg_sleep(0.05); RETURN NULL; END $$;"
                + "CREATE TRIGGER slow BEFORE UPDATE ON user_logins EXECUTE FUNCTION slow()");
    }

    /** How many rows have an address under a key. */
    int under(String hexKeyId) throws SQLException {
        int rows = 0;
        for (String token : column("masked_ip")) {
            if (Tokens.prefixes(Integer.parseUnsignedInt(hexKeyId, 16)).stream().anyMatch(token::startsWith)) {
                rows++;
            }
        }
        return rows;
    }

    /** Waits until some pages are rewritten, and others are not. */
    void awaitWork(String hexKeyId) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> under(hexKeyId) > 0);
    }

    /** Every user has one row, with tokens of the primary keys of now, which open to the user's own values. */
    void assertRewrapped(int users) throws SQLException {
        MaskedLogins today = new MaskedLogins(application);
        List<String> wrong = new ArrayList<>();
        int rows = 0;
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(application.url()));
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("SELECT user_id, masked_ip, masked_device_id FROM user_logins")) {
            while (row.next()) {
                rows++;
                int user = Integer.parseInt(row.getString(1));
                boolean isRight = row.getString(2).equals(today.ip.mask(ipOf(user)))
                        && row.getString(3).equals(today.device.mask(deviceOf(user)))
                        && today.ip.recover(row.getString(2)).equals(new Recovered.Clear(ipOf(user)));
                if (!isRight) {
                    wrong.add(row.getString(1));
                }
            }
        }
        assertThat(wrong)
                .as("users whose tokens are not those of the primary keys")
                .isEmpty();
        assertThat(rows).isEqualTo(users);
        assertThat(application.query("SELECT count(DISTINCT user_id) FROM user_logins"))
                .isEqualTo("" + users);
    }

    private List<String> column(String name) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(application.url()));
                ResultSet row = connection.createStatement().executeQuery("SELECT " + name + " FROM user_logins")) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }
}
