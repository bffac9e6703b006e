package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application on a cluster of several processes, while keys change and executors end. */
class RewrapJobIT {

    private static final int USERS = 20_000;

    private Application application;
    private MaskedLogins logins;

    @BeforeEach
    void prepare(@TempDir Path folder) throws IOException {
        application = new Application(folder, Application.LOCAL_CLUSTER);
        logins = new MaskedLogins(application);
    }

    private String rewrap(int exitCode, Map<String, String> settings, String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "rewrap";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return application.run(exitCode, settings, arguments);
    }

    /** With the role that the plain command needs, and no other privilege. */
    private void loginAsOperator() throws SQLException, IOException {
        try (Database database = Database.openForMaintenance(application.address())) {
            new Roles(Application.SPEC).grant(database);
        }
        application.execute("CREATE ROLE spark_operator LOGIN IN ROLE sluice_operator");
        application.loginBy(Application.loginUrl(application.url(), "spark_operator"));
    }

    private void quarantine(String messageId) throws SQLException {
        byte[] clear = {'[', ']'};
        Keysets keysets = application.keys().read();
        var binding = new dev.sluice.mapping.Original.Binding(Application.SPEC.name(), messageId, "");
        try (Connection connection = DriverManager.getConnection(PostgresServer.jdbcUrl(application.url()));
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, message_id, record_index,"
                                + " receive_count, sent_at, original, original_form, protection) VALUES (?, 'v', 'empty-array', ?, 0, 1, now(), ?, 'body', '')")) {
            insert.setString(1, Application.SPEC.name());
            insert.setString(2, messageId);
            insert.setBytes(3, keysets.sealer().seal(clear, 0, clear.length, binding.associatedData()));
            insert.executeUpdate();
        }
    }

    @Test
    void movesEveryTokenOnceAndASecondRunNothing() throws Exception {
        logins.insert(0, USERS);
        quarantine("m-1");
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        application.rotate(MaskedLogins.DEVICE);
        KeyInfo sealing = application.rotate(Keysets.QUARANTINE);
        loginAsOperator();

        assertThat(rewrap(0, Map.of()))
                .contains("{\"complete\":true,\"rows\":" + USERS + ",\"originals\":1,\"passes\":2,\"left\":[],"
                        + "\"remaining\":null,\"remaining_exact\":null}");
        logins.assertRewrapped(USERS);
        assertThat(application.query("SELECT substr(encode(original, 'hex'), 3, 8) FROM sluice.quarantine"))
                .isEqualTo(sealing.hexId());
        assertThat(application.query("SELECT string_agg(action, ' ' ORDER BY seq) FROM sluice.audit"))
                .isEqualTo("rewrap-begin rewrap-end");
        assertThat(application.query("SELECT details FROM sluice.audit WHERE action = 'rewrap-begin'"))
                .contains(MaskedLogins.IP + ":" + ip.hexId());
        assertThat(application.query("SELECT details FROM sluice.audit WHERE action = 'rewrap-end'"))
                .contains("\"rows\": " + USERS);
        assertThat(application.query("SELECT count(*) FROM sluice.rewrap")).isEqualTo("0");

        assertThat(rewrap(0, Map.of())).contains("\"complete\":true,\"rows\":0,\"originals\":0,\"passes\":1,");
    }

    @Test
    void takesOneColumnAndReportsWhatItCannotOpen() throws Exception {
        logins.insert(0, 100);
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        application.rotate(MaskedLogins.DEVICE);
        application.execute("UPDATE user_logins SET masked_ip = 'somebody' WHERE user_id = '2'");
        String devices =
                application.query("SELECT md5(string_agg(masked_device_id, '' ORDER BY user_id)) FROM user_logins");

        String log = rewrap(65, Map.of(), "--column", "masked_ip");

        assertThat(log)
                .contains("\"complete\":true,\"rows\":99,")
                .contains(
                        "{\"column\":\"masked_ip\",\"why\":\"malformed\",\"values\":1,\"places\":[\"public.user_logins (")
                .doesNotContain("somebody");
        assertThat(logins.under(ip.hexId())).isEqualTo(99);
        assertThat(application.query("SELECT md5(string_agg(masked_device_id, '' ORDER BY user_id)) FROM user_logins"))
                .isEqualTo(devices);
        assertThat(rewrap(2, Map.of(), "--column", "locale"))
                .contains("--column must be one of masked_ip, masked_device_id");
    }

    @Test
    @Tag("chaos")
    void aKilledExecutorsPagesAreRewrittenByAnother() throws Exception {
        logins.insert(0, USERS);
        logins.slowDown();
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        application.rotate(MaskedLogins.DEVICE);
        Process driver = application.start(Map.of(), "rewrap");
        logins.awaitWork(ip.hexId());

        Application.signal(Application.javaBelow(driver).get(0), "KILL");

        assertThat(application.ended(driver, 0)).contains("\"complete\":true,\"rows\":" + USERS + ",");
        logins.assertRewrapped(USERS);
    }

    @Test
    @Tag("chaos")
    void aStoppedExecutorsPagesAreRewrittenOnceAlthoughItGoesOnLater() throws Exception {
        logins.insert(0, USERS);
        logins.slowDown();
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        Process driver = application.start(
                Map.of(
                        "spark.speculation", "true",
                        "spark.speculation.interval", "100ms",
                        "spark.speculation.multiplier", "1.5",
                        "spark.speculation.quantile", "0.1"),
                "rewrap");
        logins.awaitWork(ip.hexId());
        ProcessHandle stopped = Application.javaBelow(driver).get(0);

        Application.signal(stopped, "STOP");
        // Rows that the stopped executor has locked stay locked, and are skipped.
        await().atMost(Duration.ofMinutes(3)).until(() -> logins.under(ip.hexId()) > USERS * 9 / 10);
        Application.signal(stopped, "CONT");

        assertThat(application.ended(driver, 0)).contains("\"complete\":true,");
        logins.assertRewrapped(USERS);
    }

    @Test
    @Tag("chaos")
    void aKilledDriverIsStartedAgain() throws Exception {
        logins.insert(0, USERS);
        logins.slowDown();
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        Process driver = application.start(Map.of(), "rewrap");
        logins.awaitWork(ip.hexId());
        driver.destroyForcibly().waitFor();

        assertThat(rewrap(0, Map.of())).contains("\"complete\":true,");
        logins.assertRewrapped(USERS);
    }

    @Test
    @Tag("chaos")
    void anExecutorWithOtherKeysRewritesNothing() throws Exception {
        logins.insert(0, 100);
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        Path others = application.folder().resolve("others.keys.json");
        KeysetFile.at(others).create(Application.wantedKeys(), true);

        assertThat(rewrap(69, Map.of("spark.executorEnv.SLUICE_KEYS", others.toString())))
                .contains("the keys of this executor are not the driver's");
        assertThat(logins.under(ip.hexId())).isZero();
    }

    /** It would mask as the driver does, but leave old values as they are. */
    @Test
    @Tag("chaos")
    void anExecutorWithoutAnEarlierKeyRewritesNothing() throws Exception {
        logins.insert(0, 100);
        int before = application.keys().read().list().stream()
                .filter(key -> key.field().equals(MaskedLogins.IP))
                .findFirst()
                .orElseThrow()
                .id();
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        Path incomplete = Files.copy(
                application.keys().path(),
                application.folder().resolve("incomplete.keys.json"),
                StandardCopyOption.COPY_ATTRIBUTES);
        KeysetFile.at(incomplete).disable(before);

        assertThat(rewrap(69, Map.of("spark.executorEnv.SLUICE_KEYS", incomplete.toString())))
                .contains("this executor does not have the same enabled keys as the driver");
        assertThat(logins.under(ip.hexId())).isZero();
    }

    @Test
    @Tag("chaos")
    void anExecutorBesideAnotherDatabaseRewritesNothing() throws Exception {
        logins.insert(0, 100);
        Application other =
                new Application(Files.createDirectory(application.folder().resolve("other")), "local[1]");
        KeyInfo ip = application.rotate(MaskedLogins.IP);
        Path url = Files.writeString(application.folder().resolve("other-url"), other.url());

        assertThat(application.run(69, Map.of("spark.executorEnv.SLUICE_DATABASE_URL_FILE", url.toString()), "rewrap"))
                .contains("the database of this executor, ");
        assertThat(logins.under(ip.hexId())).isZero();
    }

    @Test
    void keysThatAreMissingOrBoundElsewhereAreRefused() throws Exception {
        logins.insert(0, 10);
        application.keys().bind(UUID.fromString("00000000-0000-4000-8000-000000000001"), false);
        assertThat(rewrap(78, Map.of())).contains("is bound to the database 00000000-0000-4000-8000-000000000001");

        Files.delete(application.keys().path());
        application.keys().create(Map.of(), true);
        assertThat(rewrap(78, Map.of())).contains("has no keyset 'user-logins.masked_ip'");
        assertThat(application.query("SELECT count(*) FROM sluice.audit")).isEqualTo("0");
    }
}
