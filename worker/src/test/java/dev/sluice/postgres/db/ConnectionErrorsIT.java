package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.Certificate;
import dev.sluice.TestSql;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.AbstractStringAssert;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Every way in which a connection fails, for real: with passwords (scram-sha-256), pg_hba.conf and TLS. */
class ConnectionErrorsIT {

    private static final String WRONG = "hunter2";

    /** Held, so that the level stays: the driver logs a name that does not match. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql.ssl");

    private static ServerWithTls server;

    @TempDir
    private static Path folder;

    private static Certificate local;
    private static Certificate foreign;
    private static URI url;
    private static String password;

    @BeforeAll
    static void start() throws Exception {
        DRIVER.setLevel(Level.OFF);
        server = new ServerWithTls();
        url = URI.create(server.url());
        password = url.getUserInfo().split(":", 2)[1];
        local = Certificate.of(folder, "localhost", "dns:localhost,ip:127.0.0.1");
        foreign = Certificate.of(folder, "foreign", "dns:db.example");
        server.administrator().execute("CREATE ROLE idle NOLOGIN PASSWORD '" + WRONG + "'");
    }

    @AfterAll
    static void stop() {
        server.close();
        DRIVER.setLevel(null);
    }

    // --- reaching a server

    @Test
    void saysThatTheHostIsUnknown() {
        assertFails("postgresql://sluice:hunter2@nowhere.invalid/shop", Kind.TRANSIENT)
                .isEqualTo(
                        "could not connect to the database at sluice@nowhere.invalid:5432/shop: the host name cannot be"
                                + " resolved, SQLSTATE 08001; check SLUICE_DATABASE_URL, or PGHOST and PGPORT");
    }

    @Test
    void saysThatNobodyListens() {
        assertFails("postgresql://sluice:hunter2@127.0.0.1:1/shop", Kind.TRANSIENT)
                .startsWith("could not connect to the database at sluice@127.0.0.1:1/shop: the connection was refused,"
                        + " SQLSTATE 08001; check that it is running");
    }

    @Test
    void saysThatNobodyAnswersInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(at(silent), Kind.TRANSIENT).contains(": the server did not answer in time, SQLSTATE 08001;");
        }
    }

    @Test
    void saysThatAnotherProgramListens() throws IOException {
        try (ServerSocket web = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertFails(at(web), Kind.TRANSIENT).contains(": the answer is not PostgreSQL's protocol, SQLSTATE 08P01;");
            assertFails(at(web) + "?sslmode=disable", Kind.TRANSIENT)
                    .contains(": the answer is not PostgreSQL's protocol, SQLSTATE 08P01;");
        }
    }

    @Test
    void saysThatTheConnectionIsClosedUnanswered() throws IOException {
        try (ServerSocket proxy = answering("")) {
            assertFails(at(proxy), Kind.TRANSIENT)
                    .contains(": the server closed the connection without an answer, SQLSTATE 08001;");
        }
    }

    // --- logging in

    @Test
    void asksForAPasswordWhereNoneIsSet() {
        assertFails(as("sluice", null, ""), Kind.NOT_PERMITTED)
                .isEqualTo(
                        "could not connect to the database at sluice@" + place() + ": the server asks for a password,"
                                + " and none is set, SQLSTATE 08004; set PGPASSWORD or PGPASSWORD_FILE, or add a line to the"
                                + " passfile (~/.pgpass, PGPASSFILE)");
    }

    @Test
    void saysThatThePasswordIsWrongAndDoesNotShowIt() {
        assertFails(as("sluice", WRONG, ""), Kind.NOT_PERMITTED)
                .isEqualTo("could not connect to the database at sluice@" + place() + ": user or password is wrong,"
                        + " SQLSTATE 28P01; check PGUSER and PGPASSWORD, or those in SLUICE_DATABASE_URL");
    }

    @Test
    void saysThatTheRoleMayNotLogIn() {
        assertFails(as("idle", WRONG, ""), Kind.NOT_PERMITTED)
                .contains("at idle@", ": this user does not exist or may not log in, SQLSTATE 28000;");
    }

    @Test
    void saysThatTheDatabaseDoesNotExist() {
        String nowhere = server.url().replaceFirst("/[^/]*$", "/shop");

        assertFails(nowhere, Kind.CONFIG)
                .startsWith("could not connect to the database at sluice@127.0.0.1:" + url.getPort()
                        + "/shop: the database does not exist, SQLSTATE 3D000; check PGDATABASE");
    }

    @Test
    void saysThatTheUserMayNotConnectToTheDatabase() {
        TestSql administrator = server.administrator();
        administrator.execute("CREATE ROLE guest LOGIN PASSWORD '" + WRONG + "'; REVOKE CONNECT ON DATABASE "
                + server.database() + " FROM PUBLIC");

        assertFails(as("guest", WRONG, ""), Kind.NOT_PERMITTED)
                .contains(": this user may not connect to the database, SQLSTATE 42501;", "GRANT CONNECT ON DATABASE");
    }

    @Test
    void saysThatTooManyConnectionsAreOpen() {
        server.administrator()
                .execute("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0 PASSWORD '" + WRONG + "'; GRANT CONNECT ON"
                        + " DATABASE " + server.database() + " TO crowd");

        assertFails(as("crowd", WRONG, ""), Kind.TRANSIENT)
                .contains(": too many connections are open, SQLSTATE 53300; lower the setting consumers");
    }

    @Test
    void saysThatTheDatabaseIsClosed() {
        String closed = server.server().createDatabase();
        server.administrator()
                .execute(
                        "ALTER DATABASE " + closed.substring(closed.lastIndexOf('/') + 1) + " ALLOW_CONNECTIONS false");

        assertFails(closed, Kind.TRANSIENT).contains(": the database does not accept connections, SQLSTATE 55000;");
    }

    // --- TLS and pg_hba.conf

    @Test
    void saysThatTheServerHasNoTls() {
        assertFails(TestDatabase.create().url() + "?sslmode=require", Kind.CONFIG)
                .contains(": the server does not support TLS, and the sslmode requires it, SQLSTATE 08004;");
    }

    @Test
    void saysWhatIsWrongWithTheCertificate() throws IOException {
        server.present(local);
        Connections.requireReachable(verified(local.file()));

        assertFails(verified(foreign.file()), Kind.CONFIG)
                .contains(": the server's certificate is not signed by a trusted authority, SQLSTATE 08006; set"
                        + " PGSSLROOTCERT");
        assertFails(as("sluice", password, "?sslmode=verify-full"), Kind.CONFIG)
                .contains(": the server's certificate is not signed by a trusted authority, SQLSTATE 08006;");
        assertFails(verified(Path.of("/nowhere.crt")), Kind.CONFIG)
                .contains(": the file of trusted authorities is missing, unreadable or not a PEM certificate,");
        assertFails(verified(Files.writeString(folder.resolve("junk.crt"), "junk")), Kind.CONFIG)
                .contains(": the file of trusted authorities is missing, unreadable or not a PEM certificate,");

        server.present(foreign);
        assertFails(verified(foreign.file()), Kind.CONFIG)
                .contains(": the server's certificate is not for this host name, SQLSTATE 08006; set PGHOST");
    }

    @Test
    void saysWhichConnectionsTheServerAccepts() {
        server.present(local);
        server.admit("hostssl all sluice all scram-sha-256\nhost all ghost all trust");
        try {
            assertFails(as("sluice", password, "?sslmode=disable"), Kind.NOT_PERMITTED)
                    .contains(
                            ": the server does not accept this user, database and client address without TLS, SQLSTATE"
                                    + " 28000; set PGSSLMODE");
            assertFails(as("stranger", password, ""), Kind.NOT_PERMITTED)
                    .contains(
                            ": the server's pg_hba.conf does not accept this user, database and client address, SQLSTATE"
                                    + " 28000; have a line added");
            assertFails(as("ghost", null, ""), Kind.NOT_PERMITTED)
                    .contains(": this user does not exist or may not log in, SQLSTATE 28000; check PGUSER");
            server.admit("hostnossl all sluice all scram-sha-256");
            assertFails(as("sluice", password, "?sslmode=require"), Kind.NOT_PERMITTED)
                    .contains(": the server's pg_hba.conf does not accept", "only without (hostnossl)");
        } finally {
            server.admit("host all all all scram-sha-256");
        }
    }

    // --- parameters of the URL

    @Test
    void passesParametersOfTheUrlOn() throws SQLException {
        DatabaseSettings address = TestSettings.database(
                as(
                        "sluice",
                        password,
                        "?application_name=etl&options=-c%20work_mem%3D7MB&connect_timeout=9&keepalives=0&channel_binding=prefer"
                                + "&gssencmode=disable&sslnegotiation=postgres&target_session_attrs=read-write&client_encoding=UTF8"));

        try (Connection connection = Connections.single(address)) {
            assertThat(Query.of(connection, "SELECT current_setting('application_name') || current_setting('work_mem')")
                            .text())
                    .isEqualTo("etl7MB");
        }
        PGSimpleDataSource source = Connections.forWork(address);
        assertThat(source.getConnectTimeout()).isEqualTo(9);
        assertThat(source.getTcpKeepAlive()).isFalse();
    }

    @Test
    void saysWhatTheServerOrTheConnectionDoesNotAllow() {
        assertFails(as("sluice", password, "?options=-c%20nonsense%3D1"), Kind.CONFIG)
                .contains(": the server does not know an option of the connection, or its value, SQLSTATE 42704;");
        assertFails(as("sluice", password, "?options=-c%20work_mem%3Dlots"), Kind.CONFIG)
                .contains(": the server does not know an option of the connection, or its value, SQLSTATE 22023;");
        assertFails(as("sluice", password, "?sslmode=disable&channel_binding=require"), Kind.NOT_PERMITTED)
                .contains(": the server asks for a way to log in that these settings do not allow", "channel binding");
    }

    // --- a server that stops

    @Test
    void saysThatTheServerShutsDown() throws SQLException {
        try (ServerWithTls stopping = new ServerWithTls();
                Connection held = Connections.single(TestSettings.database(stopping.url()))) {
            assertThat(held.isValid(5)).isTrue();
            // A smart shutdown waits for the session that is held, and admits nobody else.
            stopping.administrator().execute("COPY (SELECT 1) TO PROGRAM 'kill -TERM $(head -n 1 postmaster.pid)'");

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertFails(
                            stopping.url(), Kind.TRANSIENT)
                    .contains(": the server is starting up, shutting down or recovering, SQLSTATE 57P03;"));
        }
    }

    // --- what goes wrong

    private static AbstractStringAssert<?> assertFails(String databaseUrl, Kind kind) {
        return assertFails(TestSettings.database(databaseUrl), kind);
    }

    private static AbstractStringAssert<?> assertFails(DatabaseSettings address, Kind kind) {
        InfrastructureException failure =
                catchThrowableOfType(InfrastructureException.class, () -> Connections.requireReachable(address));
        assertThat(failure).isNotNull().hasNoCause().hasMessageNotContaining(WRONG);
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return assertThat(failure.getMessage()).doesNotContain(password);
    }

    private static String place() {
        return "127.0.0.1:" + url.getPort() + url.getPath();
    }

    private static String as(String user, @Nullable String secret, String query) {
        return "postgresql://" + user + (secret == null ? "" : ":" + secret) + "@" + place() + query;
    }

    private static DatabaseSettings verified(Path root) {
        return TestSettings.database(as("sluice", password, "?sslmode=verify-full&sslrootcert=" + root));
    }

    private static String at(ServerSocket socket) {
        return "postgresql://sluice:" + WRONG + "@127.0.0.1:" + socket.getLocalPort() + "/shop";
    }

    /** Answers every connection with these bytes once it has sent something, and closes it. */
    private static ServerSocket answering(String answer) throws IOException {
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try (Socket client = listening.accept()) {
                    client.getInputStream().read(new byte[8]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    // The test has ended, or the client went away.
                }
            }
        });
        return listening;
    }
}
