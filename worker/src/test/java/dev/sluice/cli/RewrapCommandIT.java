package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.TestSql;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.embedded.PostgresServer;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewrapCommandIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Playground playground;
    private MaskedLogins old;

    @BeforeEach
    void fill(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        old = new MaskedLogins(playground);
    }

    @Test
    void bringsEveryTokenUnderThePrimaryKeyAndSaysSoInTheAudit() {
        old.insert(0, 3_000);
        KeyInfo ip = MaskedLogins.rotate(playground, MaskedLogins.IP);
        KeyInfo device = MaskedLogins.rotate(playground, MaskedLogins.DEVICE);
        MaskedLogins today = new MaskedLogins(playground);
        today.insert(3_000, 3_100);
        playground.execute("UPDATE user_logins SET masked_device_id = NULL WHERE user_id = '7'");

        Ran ran = playground.sluice("rewrap", "--output", "json").succeeded();

        assertThat(ran.out()).contains("\"complete\":true,\"rows\":3000,\"originals\":0,", "\"left\":[]");
        assertThat(keysOf("masked_ip")).containsExactly(ip.hexId());
        assertThat(keysOf("masked_device_id")).containsExactly(device.hexId());
        assertThat(today.unreadable()).containsExactly("7");
        assertThat(playground.count("user_logins")).isEqualTo(3_100);
        assertThat(playground.query("SELECT count(DISTINCT masked_ip) FROM user_logins"))
                .containsExactly("310");
        assertThat(playground.query("SELECT action || ' ' || details FROM sluice.audit ORDER BY seq"))
                .satisfiesExactly(
                        begin -> assertThat(begin)
                                .startsWith("rewrap-begin ")
                                .contains(MaskedLogins.IP + ":" + ip.hexId()),
                        end -> assertThat(end).startsWith("rewrap-end ").contains("\"rows\": 3000"));
        assertThat(playground.count("sluice.rewrap")).isZero();
        assertThat(playground.sluice("rewrap").succeeded().lastLine())
                .isEqualTo("rewrapped 0 rows and 0 originals in 1 passes; nothing is left");
    }

    @Test
    void takesOneColumnWhenAsked() {
        old.insert(0, 50);
        MaskedLogins.rotate(playground, MaskedLogins.IP);
        KeyInfo before = MaskedLogins.primary(playground, MaskedLogins.DEVICE);
        MaskedLogins.rotate(playground, MaskedLogins.DEVICE);

        playground.sluice("rewrap", "--column", "masked_ip").succeeded();

        assertThat(keysOf("masked_ip"))
                .containsExactly(
                        MaskedLogins.primary(playground, MaskedLogins.IP).hexId());
        assertThat(keysOf("masked_device_id")).containsExactly(before.hexId());
    }

    @Test
    void countsTellsAndLeavesWhatItCannotOpen() {
        old.insert(0, 20);
        KeyInfo first = MaskedLogins.primary(playground, MaskedLogins.IP);
        MaskedLogins.rotate(playground, MaskedLogins.IP);
        KeyInfo second = MaskedLogins.primary(playground, MaskedLogins.IP);
        new MaskedLogins(playground).insert(20, 30);
        MaskedLogins.rotate(playground, MaskedLogins.IP);
        KeysetFile.at(playground.keys).disable(second.id());
        playground.execute("UPDATE user_logins SET masked_ip = left(masked_ip, 20) || 'AAAA' || substr(masked_ip, 25)"
                + " WHERE user_id = '1'; UPDATE user_logins SET masked_ip = 'somebody' WHERE user_id = '2'");
        List<String> before = playground.query(left());

        Ran ran = playground.sluice("rewrap", "--output", "json");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.out()).contains("\"rows\":18,", "\"complete\":true");
        assertThat(ran.err())
                .contains("1 value of masked_ip stay as they are, not-authentic, such as public.user_logins (")
                .contains("1 value of masked_ip stay as they are, malformed")
                .contains("10 values of masked_ip stay as they are, key-not-enabled")
                .doesNotContain("somebody");
        assertThat(playground.query(left())).isEqualTo(before);
        assertThat(keysOf("masked_ip")).contains(second.hexId()).doesNotContain(first.hexId() + " ");
        assertThat(playground
                        .query("SELECT details FROM sluice.audit ORDER BY seq DESC LIMIT 1")
                        .getFirst())
                .contains("{\"why\": \"key-not-enabled\", \"column\": \"masked_ip\", \"values\": 10}");
    }

    private static String left() {
        return "SELECT masked_ip FROM user_logins WHERE user_id::integer IN (1, 2) OR user_id::integer >= 20 ORDER BY"
                + " user_id";
    }

    @Test
    void goesOverPartitions() {
        playground.execute("DROP TABLE user_logins; CREATE TABLE user_logins (user_id varchar(128), device_type"
                + " varchar(32), masked_ip varchar(256), masked_device_id varchar(256), locale varchar(32), app_version"
                + " integer, create_date date) PARTITION BY HASH (user_id);"
                + "CREATE TABLE \"Part 0\" PARTITION OF user_logins FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                + "CREATE TABLE part_1 PARTITION OF user_logins FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
        old.insert(0, 300);
        MaskedLogins.rotate(playground, MaskedLogins.IP);

        playground.sluice("rewrap").succeeded();

        assertThat(keysOf("masked_ip"))
                .containsExactly(
                        MaskedLogins.primary(playground, MaskedLogins.IP).hexId());
        assertThat(new MaskedLogins(playground).unreadable()).isEmpty();
    }

    @Test
    void sealsOriginalsAnewSoThatTheyCanStillBeReplayed() {
        playground.createQueue();
        playground.send(List.of(Events.BAD, "[]", "no json"));
        playground.drain();
        KeyInfo before = MaskedLogins.primary(playground, Keysets.QUARANTINE);
        KeyInfo primary = MaskedLogins.rotate(playground, Keysets.QUARANTINE);
        playground.execute("UPDATE sluice.quarantine SET original = set_byte(original, 30, get_byte(original, 30) # 1)"
                + " WHERE reason = 'empty-array'");

        Ran ran = playground.sluice("rewrap");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.lastLine()).startsWith("rewrapped 0 rows and 2 originals");
        assertThat(ran.err()).contains("1 value of quarantine stay as they are, not-authentic, such as entry ");
        assertThat(playground.query(
                        "SELECT substr(encode(original, 'hex'), 3, 8) FROM sluice.quarantine ORDER BY reason"))
                .containsExactlyInAnyOrder(before.hexId(), primary.hexId(), primary.hexId());
        playground.execute("DELETE FROM sluice.quarantine WHERE reason = 'empty-array'");
        KeysetFile.at(playground.keys).disable(before.id());
        assertThat(playground
                        .sluice("quarantine", "replay", "--all", "--ticket", "OPS-1")
                        .succeeded()
                        .lastLine())
                .isEqualTo("replayed 2 = stored 0 + duplicates 0 + rejected 2");
    }

    @Test
    void waitsForNoRowAndComesBackForThoseThatWereLocked() throws SQLException {
        old.insert(0, 100);
        KeyInfo primary = MaskedLogins.rotate(playground, MaskedLogins.IP);
        try (Connection other = DriverManager.getConnection(PostgresServer.jdbcUrl(playground.databaseUrl));
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(TestSql.PUBLIC_FIRST);
            statement.execute("UPDATE user_logins SET locale = 'DE' WHERE user_id = '5'");
            CompletableFuture<Ran> rewrap = CompletableFuture.supplyAsync(() -> playground.sluice("rewrap"));
            await().atMost(PATIENCE).until(() -> under(primary) == 99);
            assertThat(rewrap).isNotDone();

            other.commit();

            assertThat(rewrap.join().succeeded().lastLine()).endsWith("nothing is left");
        }
        assertThat(playground.query("SELECT count(*) FROM user_logins WHERE locale = 'DE'"))
                .containsExactly("1");
        assertThat(under(primary)).isEqualTo(100);
    }

    /** A worker that has not reloaded writes under the old key into what was done, and rewrap is killed three times. */
    @Test
    void losesNothingWhenKilledBesideAWorker() throws IOException, InterruptedException {
        old.insert(0, 6_000);
        KeyInfo primary = MaskedLogins.rotate(playground, MaskedLogins.IP);
        MaskedLogins today = new MaskedLogins(playground);
        int users = 6_000;
        for (int kill = 0; kill < 3; kill++) {
            Process rewrap = playground.start("rewrap", "--rows-per-second", "100", "--parallel", "2");
            long begun = under(primary);
            await().atMost(PATIENCE).until(() -> !rewrap.isAlive() || under(primary) > begun);
            assertThat(rewrap.isAlive()).as("killed in the middle").isTrue();
            old.insert(users, users + 20);
            today.insert(users + 20, users + 40);
            users += 40;
            rewrap.destroyForcibly().waitFor();
            assertThat(today.unreadable()).isEmpty();
        }
        assertThat(under(primary)).isLessThan(users);

        playground.sluice("rewrap").succeeded();

        assertThat(under(primary)).isEqualTo(users);
        assertThat(today.unreadable()).isEmpty();
        assertThat(playground.query("SELECT count(DISTINCT user_id) || ' ' || count(*) FROM user_logins"))
                .containsExactly(users + " " + users);
        assertThat(playground.query("SELECT count(DISTINCT masked_ip) FROM user_logins"))
                .containsExactly(Integer.toString(users / 10));
        assertThat(playground.query(
                        "SELECT action || ' ' || count(*) FROM sluice.audit GROUP BY action ORDER BY action"))
                .containsExactly("rewrap-begin 4", "rewrap-end 1");
    }

    @Test
    void endsInOrderWhenTerminatedAndSaysWhatIsLeft() throws IOException, InterruptedException {
        old.insert(0, 6_000);
        KeyInfo primary = MaskedLogins.rotate(playground, MaskedLogins.IP);
        Process rewrap = playground.start("rewrap", "--rows-per-second", "100", "--output", "json");
        await().atMost(PATIENCE).until(() -> !rewrap.isAlive() || under(primary) > 0);

        rewrap.destroy();
        Ran ended = playground.ended(rewrap).succeeded();

        long done = under(primary);
        assertThat(done).isBetween(1L, 5_999L);
        assertThat(ended.lastLine())
                .contains("\"complete\":false,\"rows\":" + done)
                .endsWith("\"remaining\":" + (6_000 - done) + ",\"remaining_exact\":true}");
        assertThat(playground.count("sluice.rewrap")).isOne();
    }

    @Test
    void refusesColumnsThatCannotBeRewrapped() {
        assertThat(playground.sluice("rewrap", "--column", "locale").refused(ExitCode.USAGE))
                .contains("[masked_ip, masked_device_id]");
        assertThat(playground.sluice("rewrap", "--network", "10.0.0.0/8").refused(ExitCode.USAGE))
                .contains("--from");
        assertThat(playground
                        .sluice("--pipeline", "user-logins-sha256", "rewrap")
                        .refused(ExitCode.USAGE))
                .contains("no column");
    }

    @Test
    void tellsOfMissingTable() {
        playground.execute("DROP TABLE user_logins");

        assertThat(playground.sluice("rewrap").refused(ExitCode.CONFIG)).contains("user_logins");
    }

    private long under(KeyInfo key) {
        String prefixes = Tokens.prefixes(key.id()).stream().collect(Collectors.joining("','", "'", "'"));
        return playground.count("user_logins WHERE left(masked_ip, 7) IN (" + prefixes + ")");
    }

    private List<String> keysOf(String column) {
        return playground
                .query("SELECT DISTINCT " + column + " FROM user_logins WHERE " + column + " IS NOT NULL")
                .stream()
                .map(token -> Tokens.keyId(token).isPresent()
                        ? KeyInfo.hexId(Tokens.keyId(token).getAsInt())
                        : "none")
                .distinct()
                .toList();
    }
}
