package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes over tables of a script that masked by plain SHA-256, as PostgreSQL computes it. */
class HashRewrapIT {

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        playground.execute("CREATE FUNCTION public.hash(clear text) RETURNS text LANGUAGE sql AS"
                + " $$ SELECT encode(sha256(convert_to(clear, 'UTF8')), 'hex') $$");
    }

    @Test
    void replacesEachHashByItsTokenInOnePass() {
        MaskedLogins masks = new MaskedLogins(playground);
        fill("SELECT i, '198.18.' || i / 2500 || '.' || i / 10 % 250, '111-22-' || lpad(i::text, 4, '0')"
                + " FROM generate_series(0, 1999) AS i");
        masks.insert(2_000, 2_100);
        playground.execute("UPDATE user_logins SET masked_ip = upper(masked_ip) WHERE user_id::integer % 3 = 0"
                + " AND length(masked_ip) = 64");

        Ran ran = playground
                .sluice("rewrap", "--from", "sha256", "--column", "masked_ip", "--network", "198.18.0.0/16")
                .succeeded();

        assertThat(ran.lastLine())
                .startsWith("rewrapped 2000 rows and 0 originals")
                .endsWith("nothing is left");
        assertThat(ran.err()).contains("found 200 of 200 distinct hashes").doesNotContain("198.18.0.1");
        assertThat(playground.query("SELECT count(*) FROM user_logins WHERE length(masked_device_id) = 64"))
                .containsExactly("2000");
        assertThat(playground.query("SELECT count(DISTINCT masked_ip) FROM user_logins"))
                .containsExactly("210");
        assertThat(playground.query("SELECT action FROM sluice.audit ORDER BY seq"))
                .containsExactly("rewrap-begin", "rewrap-end");
    }

    /** Both columns at once; the numbers are low, so that their space is not gone through to its end. */
    @Test
    void goesByTheMasksForm() {
        fill("SELECT i, '10.1.2.' || i % 100, '000-00-' || lpad(i::text, 4, '0') FROM generate_series(0, 999) AS i");

        playground
                .sluice("rewrap", "--from", "sha256", "--network", "10.1.0.0/16")
                .succeeded();

        assertThat(playground.query("SELECT count(*) FROM user_logins WHERE length(masked_ip) = 50"
                        + " AND length(masked_device_id) = 71"))
                .containsExactly("1000");
        assertThat(playground.query("SELECT count(DISTINCT masked_ip) || ' ' || count(DISTINCT masked_device_id)"
                        + " FROM user_logins"))
                .containsExactly("100 1000");
    }

    @Test
    void leavesAndTellsWhatIsNoHashOfTheSpace() {
        fill(
                "SELECT i, CASE WHEN i < 5 THEN '2001:db8::' || i ELSE '10.1.2.' || i END, '' FROM generate_series(0, 9) AS i");
        List<String> before = playground.query(
                "SELECT masked_ip || masked_device_id FROM user_logins WHERE user_id::integer < 5 ORDER BY user_id");

        Ran ran = playground.sluice(
                "rewrap", "--from", "sha256", "--column", "masked_ip", "--network", "10.1.0.0/16", "--output", "json");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.lastLine()).contains("\"complete\":true,\"rows\":5,", "\"values\":5");
        assertThat(ran.err()).contains("5 values of masked_ip stay as they are, not a hash of ipv4");
        assertThat(
                        playground.query(
                                "SELECT masked_ip || masked_device_id FROM user_logins WHERE user_id::integer < 5 ORDER BY user_id"))
                .isEqualTo(before);
    }

    @Test
    void refusesTooManyHashesAndTooNarrowColumns() {
        fill("SELECT i, '10.1.2.' || i, '' FROM generate_series(0, 99) AS i");
        assertThat(playground
                        .sluice("rewrap", "--from", "sha256", "--max-hashes", "99", "--column", "masked_ip")
                        .refused(ExitCode.CONFIG))
                .contains("more than 99 distinct hashes");
        playground.execute("ALTER TABLE user_logins ALTER masked_ip TYPE varchar(64)");
        assertThat(playground.sluice("rewrap", "--from", "sha256").refused(ExitCode.CONFIG))
                .contains("masked_ip", "varchar");
        assertThat(playground
                        .sluice("rewrap", "--from", "sha256", "--network", "10.1.2.3/8")
                        .refused(ExitCode.USAGE))
                .contains("--network");
        assertThat(playground
                        .sluice("rewrap", "--from", "sha256", "--space", "ddd-dd-dddd", "--network", "10.0.0.0/8")
                        .refused(ExitCode.USAGE))
                .contains("--space");
    }

    /** The whole of both spaces: minutes, and many more for a JVM of tests, which has the first compiler only. */
    @Test
    @Tag("chaos")
    void reversesWholeTableOfRandomValues() throws IOException, InterruptedException {
        fill("SELECT i, floor(random() * 256) || '.' || floor(random() * 256) || '.' || floor(random() * 256) || '.'"
                + " || floor(random() * 256), lpad(floor(random() * 1000)::text, 3, '0') || '-'"
                + " || lpad(floor(random() * 100)::text, 2, '0') || '-' || lpad(floor(random() * 10000)::text, 4, '0')"
                + " FROM generate_series(1, 100000) AS i");
        playground.execute("CREATE TABLE before AS SELECT user_id, masked_ip, masked_device_id FROM user_logins");

        long began = System.nanoTime();
        Process process = playground.startLong("rewrap", "--from", "sha256");
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        System.out.println("rewrap --from sha256: " + (System.nanoTime() - began) / 1_000_000_000 + " s");

        assertThat(playground.ended(process).succeeded().lastLine()).startsWith("rewrapped 100000 rows");
        assertThat(new MaskedLogins(playground).differences("before")).isEmpty();
    }

    /** @param events a query of user, address and device in clear, which only the test knows */
    private void fill(String events) {
        playground.execute(
                "INSERT INTO user_logins SELECT e.i, 'android', hash(e.ip), hash(e.device), 'RU', 2, '2026-01-01'"
                        + " FROM (" + events + ") AS e(i, ip, device)");
    }
}
