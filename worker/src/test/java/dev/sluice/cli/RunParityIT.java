package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample's first ten events come out as the exercise's public solutions published them (expected-sha256.csv): plain
 * SHA-256 of address and device id, a locale or NULL, and the version in one of two integer forms.
 */
class RunParityIT {

    private static final int MAJOR = 5;
    private static final int PACKED = 6;

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder).set("SLUICE_PIPELINE", "user-logins-sha256");
        playground.createQueue();
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
    }

    @Test
    void storesThePublishedRowsWithPackedVersions() {
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(published(PACKED));
    }

    @Test
    void storesThePublishedRowsWithMajorVersions() {
        Path pipeline = playground.write(
                "major.yaml",
                """
                pipeline: user-logins-major
                source: { queue: login-queue }
                sink:   { table: user_logins }
                columns:
                  user_id:          { from: user_id,     type: varchar(128), required: true }
                  device_type:      { from: device_type, type: varchar(32) }
                  masked_ip:        { from: ip,          type: varchar(256), mask: { kind: sha256, accept-reversible: true } }
                  masked_device_id: { from: device_id,   type: varchar(256), mask: { kind: sha256, accept-reversible: true } }
                  locale:           { from: locale,      type: varchar(32) }
                  app_version:      { from: app_version, type: integer, convert: version-major }
                  create_date:      { from: create_date, type: date, default: sent-date }
                """);
        playground.set("SLUICE_PIPELINE", pipeline.toString());

        assertThat(stored()).containsExactlyInAnyOrderElementsOf(published(MAJOR));
    }

    @Test
    void datesARowThatBearsNoDateByTheDayTheQueueAcceptedIt() {
        stored();

        // One day of leeway: the test may run over midnight, UTC.
        assertThat(playground.query("SELECT DISTINCT create_date BETWEEN (now() AT TIME ZONE 'UTC')::date - 1 AND"
                        + " (now() AT TIME ZONE 'UTC')::date FROM user_logins"))
                .containsExactly("t");
    }

    private List<String> stored() {
        playground.send(Events.sample().subList(0, 10));
        playground.sluice("run", "--migrate", "--max-batches", "1").succeeded();
        return playground.query("SELECT concat_ws(',', user_id, device_type, masked_ip, masked_device_id,"
                + " coalesce(locale, 'NULL'), app_version) FROM user_logins");
    }

    private static List<String> published(int version) {
        return Events.published().stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> String.join(
                        ",",
                        cells[0],
                        cells[1],
                        cells[2],
                        cells[3],
                        cells[4].isEmpty() ? "NULL" : cells[4],
                        cells[version]))
                .toList();
    }
}
