package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A folder of events, and what loading it must lead to. */
final class Archive {

    private final Application application;
    private Path folder;

    Archive(Application application) throws IOException {
        this.application = application;
        this.folder = Files.createDirectory(application.folder().resolve("archive"));
    }

    Path folder() {
        return folder;
    }

    /** From now on, the archive is another folder. */
    void moveTo(Path other) {
        this.folder = other;
    }

    void add(String name, int from, int to, int bad) throws IOException {
        List<String> lines = new ArrayList<>(IntStream.range(from, to)
                .mapToObj(i -> "{\"user_id\":\"user-" + i
                        + "\",\"app_version\":\"2.3.0\",\"device_type\":\"android\",\"ip\":\"198.18." + i / 250 % 250
                        + "." + i % 250 + "\",\"locale\":\"RU\",\"device_id\":\"111-22-" + (1000 + i % 9000) + "\"}")
                .toList());
        for (int i = 0; i < bad; i++) {
            lines.set(i * (lines.size() / bad), "{\"foo\":1}");
        }
        Files.write(folder.resolve(name), lines);
    }

    Process start(Map<String, String> settings, String splitMebibytes) throws IOException {
        return application.start(
                settings,
                "backfill",
                folder.toString(),
                "--dataset",
                "test",
                "--sent-at",
                "2026-03-01",
                "--split-mib",
                splitMebibytes);
    }

    String backfill(int exitCode, Map<String, String> settings, String splitMebibytes) throws Exception {
        return application.ended(start(settings, splitMebibytes), exitCode);
    }

    /** So that a unit takes a second or more, and is in progress when something happens to its executor. */
    void slowDown() throws SQLException {
        application.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_catalog.pg_sleep(0.7); RETURN NULL; END $$;"
                + "CREATE TRIGGER slow BEFORE INSERT ON user_logins EXECUTE FUNCTION slow()");
    }

    /** Waits until units are loaded, and others are in progress. */
    void awaitWork() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Integer.parseInt(application.query("SELECT count(*) FROM sluice.bulk_ledger")) > 1);
    }

    /** Waits until each planned unit is loaded. */
    void awaitAllLoaded() {
        await().atMost(Duration.ofMinutes(3)).until(() -> application
                .query("SELECT count(*) FROM sluice.bulk_unit AS planned WHERE NOT EXISTS (SELECT FROM"
                        + " sluice.bulk_ledger AS done WHERE done.unit = planned.unit)")
                .equals("0"));
    }

    void assertExact(int stored, int quarantined) throws SQLException {
        assertThat(application.query("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM user_logins"))
                .isEqualTo(stored + " " + stored);
        assertThat(application.query("SELECT count(*) || ' ' || count(DISTINCT message_id) FROM sluice.quarantine"))
                .isEqualTo(quarantined + " " + quarantined);
        assertThat(application.query("SELECT sum(stored) || ' ' || sum(quarantined) FROM sluice.bulk_ledger"))
                .isEqualTo(stored + " " + quarantined);
    }
}
