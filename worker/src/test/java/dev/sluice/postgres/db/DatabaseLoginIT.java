package dev.sluice.postgres.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.Certificate;
import dev.sluice.aws.AwsSecrets;
import dev.sluice.aws.PlainHttp;
import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.SecretArn;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.config.TestSecretStore;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that change while the program runs, against a server that checks them: from AWS, or made for one login. */
class DatabaseLoginIT {

    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db#password";

    private static ServerWithTls server;

    @TempDir
    private static Path folder;

    private static Certificate certificate;

    @BeforeAll
    static void start() throws Exception {
        server = new ServerWithTls();
        certificate = Certificate.of(folder, "localhost", "dns:localhost,ip:127.0.0.1");
        server.present(certificate);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A server that accepts each token once, as RDS accepts it for 15 minutes. */
    @Test
    void makesAFreshTokenForEachConnection() {
        List<String> tokens = new CopyOnWriteArrayList<>();
        DatabaseSettings address = address(
                Map.of(
                        "SLUICE_DATABASE_IAM_AUTH",
                        "true",
                        "PGSSLROOTCERT",
                        certificate.file().toString()),
                new TestSecretStore() {
                    @Override
                    public String databaseToken(String host, int port, String user, @Nullable String region) {
                        Map<String, String> keys =
                                Map.of("AWS_ACCESS_KEY_ID", "AKID" + tokens.size(), "AWS_SECRET_ACCESS_KEY", "s");
                        String token = new AwsSecrets(keys, new PlainHttp(false))
                                .databaseToken(host, port, user, "eu-central-1");
                        tokens.add(token);
                        acceptOnly(token);
                        return token;
                    }
                });

        try (Database database = Database.openForMaintenance(address)) {
            assertThat(userOf(database)).isEqualTo("sluice");
        }
        // One to see that the database is there, and at least one for the pool, whose only connection took no older
        // one.
        assertThat(tokens).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();

        acceptOnly("something else");
        DatabaseSettings refused = address(
                Map.of(
                        "SLUICE_DATABASE_IAM_AUTH",
                        "true",
                        "PGSSLROOTCERT",
                        certificate.file().toString()),
                new TestSecretStore() {
                    @Override
                    public String databaseToken(String host, int port, String user, @Nullable String region) {
                        return "expired";
                    }
                });
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Connections.single(refused))
                .withMessageContaining(
                        "the server refused the token of the AWS credentials, SQLSTATE 28P01; check that IAM")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED));
    }

    @Test
    void fetchesAPasswordAgainThatWasRotated() {
        List<String> fetched = new CopyOnWriteArrayList<>();
        acceptOnly("first");
        DatabaseSettings address = address(Map.of("PGPASSWORD", SECRET), new TestSecretStore() {
            @Override
            public String fetch(Setting setting, SecretArn arn) {
                fetched.add(fetched.isEmpty() ? "first" : "second");
                return fetched.getLast();
            }
        });

        try (Database database = Database.openForMaintenance(address)) {
            assertThat(userOf(database)).isEqualTo("sluice");
            acceptOnly("second");
            endSessions();

            // The pool may hand out the session that has just ended.
            Awaitility.await()
                    .ignoreExceptionsInstanceOf(InfrastructureException.class)
                    .untilAsserted(() -> assertThat(userOf(database)).isEqualTo("sluice"));
            assertThat(fetched).containsExactly("first", "second");
        }
    }

    @Test
    void saysWhyTheSecretCannotBeFetchedAgain() {
        List<String> fetched = new CopyOnWriteArrayList<>();
        acceptOnly("first");
        DatabaseSettings address = address(Map.of("PGPASSWORD", SECRET), new TestSecretStore() {
            @Override
            public String fetch(Setting setting, SecretArn arn) {
                if (!fetched.isEmpty()) {
                    throw new InfrastructureException(Kind.NOT_PERMITTED, "the secret may not be read any more");
                }
                fetched.add("first");
                return "first";
            }
        });

        try (Database database = Database.openForMaintenance(address)) {
            assertThat(userOf(database)).isEqualTo("sluice");
            acceptOnly("second");
            endSessions();

            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThatExceptionOfType(
                            InfrastructureException.class)
                    .isThrownBy(() -> userOf(database))
                    .withMessage("the secret may not be read any more"));
        }
    }

    private static void acceptOnly(String password) {
        server.administrator().execute("ALTER ROLE sluice PASSWORD '" + password + "'");
    }

    private static void endSessions() {
        server.administrator()
                .query("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = 'sluice'");
    }

    private static String userOf(Database database) {
        return database.transact("ask who this is", connection -> Query.of(connection, "SELECT current_user")
                .one(row -> row.getString(1)));
    }

    private static DatabaseSettings address(Map<String, String> login, TestSecretStore secrets) {
        URI url = URI.create(server.url());
        Map<String, String> environment = new HashMap<>(login);
        environment.put(
                "SLUICE_DATABASE_URL", "postgresql://sluice@localhost:" + url.getPort() + "/" + server.database());
        return SettingsReader.read(Map.of(), null, environment).with(secrets).database();
    }
}
