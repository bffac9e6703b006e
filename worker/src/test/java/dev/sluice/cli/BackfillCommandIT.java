package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.s3.S3Stub;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillCommandIT {

    private Playground playground;
    private Path archive;

    @BeforeEach
    void prepare(@TempDir Path folder) throws IOException {
        playground = Playground.ready(folder);
        archive = Files.createDirectory(folder.resolve("archive"));
    }

    private Ran backfill(String... more) {
        List<String> args = new ArrayList<>(List.of("backfill", archive.toString(), "--sent-at", "2026-03-01"));
        args.addAll(List.of(more));
        return playground.sluice(args.toArray(String[]::new));
    }

    private Path file(String name, List<String> lines) throws IOException {
        Path file = archive.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static byte[] zstd(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    @Test
    void loadsAFolderAsARunWould() throws IOException {
        file("2026/03/sample.ndjson", Events.sample());
        file(".hidden/x.ndjson", Events.logins(3));
        file("_SUCCESS", List.of());

        Ran ran = backfill("--output", "json").succeeded();

        assertThat(ran.lastLine())
                .contains(
                        "\"files\":1,\"units\":1,",
                        "\"units_loaded\":1,\"lines\":100,\"records\":100,\"stored\":99,\"quarantined\":1,\"complete\":true");
        List<String> columns = playground.query(
                "SELECT concat_ws('|', user_id, device_type, masked_ip, masked_device_id, locale, app_version)"
                        + " FROM user_logins ORDER BY 1");
        assertThat(playground.query("SELECT DISTINCT create_date::text FROM user_logins"))
                .containsExactly("2026-03-01");
        playground.execute("TRUNCATE user_logins");
        playground.send(Events.sample());
        playground.sluice("run", "--until-empty").succeeded();
        assertThat(playground.query(
                        "SELECT concat_ws('|', user_id, device_type, masked_ip, masked_device_id, locale, app_version)"
                                + " FROM user_logins ORDER BY 1"))
                .isEqualTo(columns);
    }

    @Test
    void aSecondCallLoadsNothingTwice() throws IOException {
        file("a.ndjson", Events.logins(500));
        backfill("--split-size", "4KiB").succeeded();

        Ran again = backfill("--split-size", "4KiB").succeeded();

        assertThat(again.lastLine()).contains("500 rows stored, 0 quarantined");
        assertThat(playground.count("user_logins")).isEqualTo(500);
        assertThat(playground.count("sluice.bulk_ledger")).isGreaterThan(10);
    }

    @Test
    void filesMayBeAddedButNotChanged() throws IOException {
        file("a.ndjson", Events.logins(50));
        backfill().succeeded();
        file("b.ndjson", Events.logins(70));

        assertThat(backfill().succeeded().lastLine()).contains("2 files", "2 units; 2 loaded", "120 rows stored");
        file("a.ndjson", Events.logins(51));
        Ran changed = backfill();

        assertThat(changed.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(changed.err()).contains("a.ndjson has changed since it was planned");
        assertThat(playground.count("user_logins")).isEqualTo(120);
    }

    @Test
    void anotherSplitSizeOrTimeIsAnotherPlan() throws IOException {
        file("a.ndjson", Events.logins(50));
        backfill().succeeded();

        Ran split = backfill("--split-size", "1MiB");
        Ran time = playground.sluice("backfill", archive.toString(), "--sent-at", "file");

        assertThat(split.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(split.err()).contains("--split-size 67108864, and is asked for with 1048576");
        assertThat(time.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(time.err()).contains("--sent-at 2026-03-01T00:00:00Z, and is asked for with file");
    }

    @Test
    void aFileOfAnotherDatasetIsRefused() throws IOException {
        file("a.ndjson", Events.logins(50));
        backfill("--dataset", "one").succeeded();

        Ran other = backfill("--dataset", "two");

        assertThat(other.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(other.err()).contains("a.ndjson belongs to dataset one too, and would be loaded twice");
        assertThat(playground.count("user_logins")).isEqualTo(50);
    }

    @Test
    void badLinesGoToTheQuarantineWithFileAndLine() throws IOException {
        List<String> lines = new ArrayList<>(Events.logins(300));
        lines.set(99, Events.BAD);
        lines.set(249, "no json");
        lines.add(10, "");
        Path file = file("a.ndjson", lines);

        Ran ran = backfill("--split-size", "4KiB").succeeded();

        assertThat(ran.lastLine()).contains("301 lines, 298 rows stored, 2 quarantined");
        assertThat(
                        playground.query(
                                "SELECT reason || ' ' || split_part(message_id, '#', 1) || ' '"
                                        + " || sluice.bulk_line(bulk_dataset, bulk_unit, unit_line) FROM sluice.quarantine ORDER BY id"))
                .containsExactlyInAnyOrder("missing " + file + " 101", "not-json " + file + " 251");
        assertThat(playground.sluice("quarantine", "list", "--output", "csv").lines())
                .satisfiesExactlyInAnyOrder(
                        heading -> assertThat(heading).endsWith(",line"),
                        missing -> assertThat(missing).endsWith(",101"),
                        broken -> assertThat(broken).endsWith(",251"));
    }

    @Test
    void aLineCanBeReplayedOnceTheTableTakesIt() throws IOException {
        playground.execute("ALTER TABLE user_logins ADD CONSTRAINT no_seven CHECK (user_id <> 'user-7')");
        file("a.ndjson", Events.logins(30));
        backfill().succeeded();
        playground.execute("ALTER TABLE user_logins DROP CONSTRAINT no_seven");

        Ran ran = playground.sluice("quarantine", "replay", "--all", "--ticket", "T-1", "--output", "json");

        assertThat(ran.succeeded().out()).contains("\"entries\":1,\"records\":1,\"stored\":1,");
        assertThat(playground.query("SELECT count(*) || ' ' || count(DISTINCT create_date) FROM user_logins"))
                .containsExactly("30 1");
    }

    @Test
    void rowsThatOnlyTheDatabaseRejectsGoThereToo() throws IOException {
        playground.execute("ALTER TABLE user_logins ADD CONSTRAINT no_seven CHECK (user_id <> 'user-7')");
        file("a.ndjson", Events.logins(30));

        Ran ran = backfill().succeeded();

        assertThat(ran.lastLine()).contains("29 rows stored, 1 quarantined");
        assertThat(playground.query(
                        "SELECT reason || ' ' || constraint_name || ' ' || unit_line FROM sluice.quarantine"))
                .containsExactly("refused-by-database no_seven 7");
    }

    @Test
    void stopsWhenTooManyRecordsAreRejected() throws IOException {
        file("a.ndjson", Collections.nCopies(5_000, "{\"other\":1}"));
        file("b.ndjson", Collections.nCopies(5_000, "{\"other\":1}"));

        Ran ran = backfill("--parallel", "1");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.err()).contains("stopped: more than 10.0 % of the records are rejected");
        assertThat(ran.lastLine()).contains("2 units; 1 loaded", "run the same command again to continue");
        backfill("--max-rejected", "100").succeeded();
        assertThat(playground.count("sluice.quarantine")).isEqualTo(10_000);
    }

    @Test
    void readsCompressedFilesToTheirLastMember() throws IOException {
        String one = String.join("\n", Events.logins(10)) + "\n";
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.write(gzip(one));
        members.write(gzip(one));
        Files.write(archive.resolve("a.ndjson.gz"), members.toByteArray());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.write(zstd(one));
        frames.write(zstd(one.repeat(2_000)));
        Files.write(archive.resolve("b.ndjson.zst"), frames.toByteArray());

        assertThat(backfill().succeeded().lastLine()).contains("20030 lines, 20030 rows stored");
    }

    @Test
    void aDamagedFileIsReportedAndTheOthersAreLoaded() throws IOException {
        byte[] packed = gzip(String.join("\n", Events.logins(2_000)));
        Files.write(archive.resolve("cut.gz"), Arrays.copyOf(packed, packed.length / 2));
        byte[] followed = Arrays.copyOf(packed, packed.length + 10);
        Files.write(archive.resolve("followed.gz"), followed);
        Files.write(archive.resolve("misnamed.ndjson"), packed);
        Files.write(archive.resolve("zstd.zst"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        file("good.ndjson", Events.logins(5));

        Ran ran = backfill();

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.err())
                .contains(
                        "cut.gz from byte 0 was not loaded: it is damaged",
                        "followed.gz from byte 0 was not loaded: it is damaged",
                        "misnamed.ndjson from byte 0 was not loaded: its content is gzip (.gz), and its name does not end so",
                        "zstd.zst from byte 0 was not loaded: it is damaged");
        assertThat(ran.lastLine()).contains("1 loaded", "5 rows stored");
        assertThat(playground.count("user_logins")).isEqualTo(5);
    }

    @Test
    void aPlanWritesNothing() throws IOException {
        file("a.ndjson", Events.logins(100));

        Ran ran = backfill("--plan-only", "--split-size", "4KiB").succeeded();

        assertThat(ran.lastLine()).matches("dataset .*: 1 file, \\d+\\.\\d KiB, 4 units; to load: 4 units, .* KiB");
        assertThat(playground.count("sluice.bulk_dataset")).isZero();
        assertThat(playground.count("user_logins")).isZero();
    }

    @Test
    void refusesWrongCalls() throws IOException {
        file("a.ndjson", Events.logins(1));

        assertUsage(
                playground.sluice("backfill", archive.toString()), "--sent-at TIME is required: column create_date");
        assertUsage(backfill("/nowhere/x"), "--dataset NAME is required with more than one PATH");
        assertUsage(
                playground.sluice("backfill", "/nowhere/*.gz", "--sent-at", "file"), "no file matches /nowhere/*.gz");
        assertUsage(backfill("--split-size", "64"), "a size such as 512KiB, 64MiB or 1GiB was expected");
        assertUsage(playground.sluice("backfill", "x", "--sent-at", "noon"), "--sent-at: file, or a time with Z");
    }

    private static void assertUsage(Ran ran, String sentence) {
        assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(sentence);
    }

    @Test
    void killedAtAnyPointItContinuesExactly() throws IOException, InterruptedException {
        file("a.ndjson", Events.logins(3_000));
        for (String point : List.of("BEFORE_COMMIT", "AFTER_COMMIT")) {
            ProcessBuilder process = playground.process(
                    "backfill", archive.toString(), "--sent-at", "2026-03-01", "--split-size", "16KiB");
            process.command().add(process.command().indexOf("-cp"), "-Dsluice.fail-point=" + point);
            process.redirectErrorStream(true)
                    .redirectOutput(playground.folder.resolve(point).toFile());
            Process killed = process.start();
            assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(killed.exitValue()).isEqualTo(137);
        }
        assertThat(playground.count("user_logins")).isPositive();

        Ran ran = backfill("--split-size", "16KiB").succeeded();

        assertThat(ran.lastLine()).contains("3000 lines, 3000 rows stored, 0 quarantined");
        assertThat(playground.query("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM user_logins"))
                .containsExactly("3000 3000");
    }

    @Test
    void aSignalEndsItAfterTheUnitsInProgress() throws IOException, InterruptedException {
        playground.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pg_catalog.pg_sleep(0.2); RETURN NULL; END $$;"
                + "CREATE TRIGGER slow BEFORE INSERT ON user_logins EXECUTE FUNCTION slow()");
        file("a.ndjson", Events.logins(3_000));
        Process running = playground.start(
                "backfill", archive.toString(), "--sent-at", "2026-03-01", "--split-size", "8KiB", "--parallel", "2");
        await().atMost(Duration.ofSeconds(60)).until(() -> playground.count("sluice.bulk_ledger") > 2);

        running.destroy();

        Ran ended = playground.ended(running).succeeded();
        assertThat(ended.err()).contains("stopping after the units in progress");
        assertThat(ended.lastLine()).contains("; run the same command again to continue");
        assertThat(playground.count("user_logins")).isBetween(1L, 2_999L);
        playground.execute("DROP TRIGGER slow ON user_logins");
        assertThat(backfill("--split-size", "8KiB").succeeded().lastLine()).contains("3000 rows stored");
        assertThat(playground.count("user_logins")).isEqualTo(3_000);
    }

    @Test
    void severalProcessesAtOnceLoadEachUnitOnce() throws IOException, InterruptedException {
        file("a.ndjson", Events.logins(20_000));
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ProcessBuilder process = playground.process(
                    "backfill", archive.toString(), "--sent-at", "2026-03-01", "--split-size", "32KiB");
            processes.add(process.redirectErrorStream(true)
                    .redirectOutput(playground.folder.resolve("p" + i).toFile())
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(playground.folder.resolve("p" + i))).contains("20000 rows stored");
        }
        assertThat(playground.query("SELECT count(*) || ' ' || count(DISTINCT user_id) FROM user_logins"))
                .containsExactly("20000 20000");
    }

    @Test
    void loadsFromS3() throws IOException {
        try (S3Stub s3 = S3Stub.start()) {
            playground.set("AWS_ENDPOINT_URL_S3", s3.url());
            s3.put("2026/a.ndjson", (String.join("\n", Events.logins(400)) + "\n").getBytes(StandardCharsets.UTF_8));
            s3.put("2026/b.ndjson.gz", gzip(String.join("\n", Events.sample())));

            Ran ran = playground.sluice("backfill", "s3://bucket/2026", "--sent-at", "file", "--split-size", "8KiB");

            assertThat(ran.succeeded().lastLine()).contains("2 files", "499 rows stored, 1 quarantined");
            assertThat(playground.query("SELECT message_id ~ '^s3://bucket/2026/b.ndjson.gz#' FROM sluice.quarantine"))
                    .containsExactly("t");
            assertThat(playground.query("SELECT DISTINCT create_date::text FROM user_logins"))
                    .containsExactly("2026-01-02");
        }
    }

    @Test
    void theWorkersRoleIsEnough() throws IOException {
        playground.sluice("migrate", "--roles").succeeded();
        playground.execute("CREATE ROLE loader LOGIN IN ROLE sluice_writer");
        file("a.ndjson", Events.sample());

        Ran ran = playground.as("loader").sluice("backfill", archive.toString(), "--sent-at", "file");

        assertThat(ran.succeeded().lastLine()).contains("99 rows stored, 1 quarantined");
    }
}
