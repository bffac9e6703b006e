package dev.sluice.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.KeysetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application on a cluster of several processes: driver and executors of their own, as spark-submit starts them. */
class BackfillJobIT {

    /** One in a thousand is bad. {@code -Dsluice.lines=1000000} takes some minutes a test. */
    private static final int LINES = Integer.getInteger("sluice.lines", 60_000);

    private static final int BAD = LINES / 1_000;

    /** So many mebibytes that there are some ten units. */
    private static final String SPLIT = Integer.toString(Math.max(1, LINES / 60_000));

    private Application application;
    private Archive archive;

    @BeforeEach
    void prepare(@TempDir Path folder) throws IOException {
        application = new Application(folder, Application.LOCAL_CLUSTER);
        archive = new Archive(application);
    }

    private ProcessHandle executorAtWork(Process driver) {
        archive.awaitWork();
        return Application.javaBelow(driver).get(0);
    }

    @Test
    void loadsEachLineOnceAndASecondRunNothing() throws Exception {
        archive.add("a.ndjson", 0, LINES, BAD);
        String counts = "\"stored\":" + (LINES - BAD) + ",\"quarantined\":" + BAD + ",\"complete\":true";

        assertThat(archive.backfill(0, Map.of(), SPLIT))
                .contains("\"lines\":" + LINES + ",\"records\":" + LINES + "," + counts);
        archive.assertExact(LINES - BAD, BAD);
        assertThat(archive.backfill(0, Map.of(), SPLIT)).contains(counts);
        archive.assertExact(LINES - BAD, BAD);
        assertThat(archive.backfill(78, Map.of(), SPLIT + "0")).contains("it was planned with --split-size ");
    }

    @Test
    @Tag("chaos")
    void aKilledExecutorsUnitIsLoadedByAnother() throws Exception {
        archive.add("a.ndjson", 0, LINES, BAD);
        archive.slowDown();
        Process driver = archive.start(Map.of(), SPLIT);

        Application.signal(executorAtWork(driver), "KILL");

        application.ended(driver, 0);
        archive.assertExact(LINES - BAD, BAD);
    }

    @Test
    @Tag("chaos")
    void aStoppedExecutorsUnitIsLoadedOnceAlthoughItGoesOnLater() throws Exception {
        archive.add("a.ndjson", 0, LINES, BAD);
        archive.slowDown();
        Process driver = archive.start(
                Map.of(
                        "spark.speculation", "true",
                        "spark.speculation.interval", "100ms",
                        "spark.speculation.multiplier", "1.5",
                        "spark.speculation.quantile", "0.1"),
                SPLIT);
        ProcessHandle stopped = executorAtWork(driver);

        Application.signal(stopped, "STOP");
        archive.awaitAllLoaded();
        Application.signal(stopped, "CONT");

        application.ended(driver, 0);
        archive.assertExact(LINES - BAD, BAD);
    }

    @Test
    @Tag("chaos")
    void aKilledDriverIsStartedAgain() throws Exception {
        archive.add("a.ndjson", 0, LINES, BAD);
        archive.slowDown();
        Process driver = archive.start(Map.of(), SPLIT);
        archive.awaitWork();
        driver.destroyForcibly().waitFor();

        assertThat(archive.backfill(0, Map.of(), SPLIT))
                .contains("\"stored\":" + (LINES - BAD) + ",\"quarantined\":" + BAD + ",\"complete\":true");
        archive.assertExact(LINES - BAD, BAD);
    }

    @Test
    @Tag("chaos")
    void anExecutorWithOtherKeysLoadsNothing() throws Exception {
        archive.add("a.ndjson", 0, 1_000, 1);
        Path others = application.folder().resolve("others.keys.json");
        KeysetFile.at(others).create(Application.wantedKeys(), true);

        String log = archive.backfill(69, Map.of("spark.executorEnv.SLUICE_KEYS", others.toString()), "1");

        assertThat(log).contains("the keys of this executor are not the driver's");
        assertThat(application.query("SELECT count(*) FROM user_logins")).isEqualTo("0");
    }

    @Test
    void loadsEachRowOfParquetOnce() throws Exception {
        archive.add("a.ndjson", 0, 40_000, 40);
        Path parquet = application.folder().resolve("parquet");
        application.ended(
                application.start(
                        ToParquet.class,
                        Map.of("spark.master", "local[1]"),
                        archive.folder().toString(),
                        parquet.toString()),
                0);
        archive.moveTo(parquet);

        assertThat(archive.backfill(0, Map.of(), "1"))
                .contains("\"lines\":40000,\"records\":40000,\"stored\":39960,\"quarantined\":40,\"complete\":true");
        archive.assertExact(39_960, 40);
        assertThat(Integer.parseInt(application.query("SELECT count(*) FROM sluice.bulk_ledger WHERE records > 0")))
                .as("units with rows")
                .isGreaterThan(1);
    }

    @Test
    void aSecretAmongSparksSettingsIsRefused() throws Exception {
        archive.add("a.ndjson", 0, 10, 1);

        String log = archive.backfill(78, Map.of("spark.executorEnv.PGPASSWORD", "x"), "1");

        assertThat(log).contains("spark.executorEnv.PGPASSWORD passes a secret through Spark's settings");
    }
}
