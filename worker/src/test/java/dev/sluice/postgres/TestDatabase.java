package dev.sluice.postgres;

import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Migrations;
import java.util.List;

/** An empty database of its own on the one server of this JVM, seen as psql would see it. */
public record TestDatabase(PostgresServer server, String url) {

    /** Ends with the JVM, by itself. */
    private static final PostgresServer SERVER = PostgresServer.start();

    public static TestDatabase create() {
        return new TestDatabase(SERVER, SERVER.createDatabase());
    }

    public static TestDatabase migrated() {
        return new TestDatabase(SERVER, SERVER.copyDatabase(Migrated.DATABASE.url));
    }

    /** Migrated once; the others are copies of it. */
    private static final class Migrated {

        static final TestDatabase DATABASE = create();

        static {
            new Migrations(DATABASE.address()).run();
        }
    }

    public DatabaseSettings address() {
        return TestSettings.database(url);
    }

    /** The same database for another role, which exists. */
    public DatabaseSettings as(String role) {
        return TestSettings.database(loginUrl(role));
    }

    /** The same for {@link PostgresServer#jdbcUrl}. */
    String loginUrl(String role) {
        return server.loginUrl(url, role);
    }

    /** The same database for the superuser: for faults of the server, and for what no owner sees. */
    public TestSql administrator() {
        return new TestSql(server.administratorUrl(url), TestSql.PUBLIC_FIRST);
    }

    public Database open() {
        return Database.open(address(), 2);
    }

    public void execute(String sql) {
        sql().execute(sql);
    }

    /** The first column of every row, as text. */
    public List<String> query(String sql) {
        return sql().query(sql);
    }

    public long count(String table) {
        return Long.parseLong(query("SELECT count(*) FROM " + table).getFirst());
    }

    TestSql sql() {
        return new TestSql(url, "SET TIME ZONE 'UTC'; " + TestSql.PUBLIC_FIRST);
    }
}
