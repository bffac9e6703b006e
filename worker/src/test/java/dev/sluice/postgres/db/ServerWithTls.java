package dev.sluice.postgres.db;

import dev.sluice.Certificate;
import dev.sluice.TestSql;
import dev.sluice.embedded.PostgresServer;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A server of its own whose TLS and pg_hba.conf a test sets while it runs, as its superuser would. */
final class ServerWithTls implements AutoCloseable {

    /** Whatever a test does to the others, the superuser gets in. */
    private static final String ADMINISTRATOR = "host all postgres all scram-sha-256\n";

    private final PostgresServer server = PostgresServer.start();
    private final String url = server.createDatabase();
    private final TestSql administrator = new TestSql(server.administratorUrl(url), "SET TIME ZONE 'UTC'");

    /** A database of it, and its owner. */
    String url() {
        return url;
    }

    String database() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    PostgresServer server() {
        return server;
    }

    TestSql administrator() {
        return administrator;
    }

    /** From now on the server has this certificate. */
    void present(Certificate certificate) {
        write("server.key", certificate.keyPem());
        write("server.crt", certificate.pem());
        administrator.execute("ALTER SYSTEM SET ssl = on");
        reload();
    }

    /** From now on these lines say who may connect, how. */
    void admit(String lines) {
        write("pg_hba.conf", ADMINISTRATOR + lines);
        reload();
    }

    // The server's own shell writes it: the data folder belongs to another user if root runs the tests.
    private void write(String file, String text) {
        administrator.execute("COPY (SELECT unnest(string_to_array('" + text
                + "', E'\\n'))) TO PROGRAM 'umask 077; cat >" + file + "'");
    }

    // A session sees the time of the reload that the server had finished when it began.
    private void reload() {
        String before = loaded();
        administrator.execute("SELECT pg_reload_conf()");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !loaded().equals(before));
    }

    private String loaded() {
        return administrator.query("SELECT pg_conf_load_time()").getFirst();
    }

    @Override
    public void close() {
        server.close();
    }
}
