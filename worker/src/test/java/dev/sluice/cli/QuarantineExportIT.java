package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.s3.S3Stub;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three records whose ids are no numbers, which a pipeline for texts takes. */
class QuarantineExportIT {

    private static final String ADDRESS = "203.0.113.77";
    private static final String OUT = "--delete-exported";
    private static final String ALL_BUT_ID = "pipeline, pipeline_version, reason, column_name, sent_at, message_id,"
            + " record_index, receive_count, quarantined_at, original, original_form, sqlstate, constraint_name,"
            + " idempotency_key, protection, bulk_dataset, bulk_unit, unit_line";

    private Playground playground;
    private Path folder;

    @BeforeEach
    void prepare(@TempDir Path temporary) {
        playground = Playground.empty(temporary);
        folder = temporary.resolve("exported");
        playground.createQueue();
        use("integer", "deterministic-aead");
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        reject("x", "y", "z");
    }

    @Test
    void writesEachRecordOnceInOrderAndNothingInClear() throws IOException {
        Ran export = export("--output", "json").succeeded();

        assertThat(export.lastLine())
                .contains("\"records\":3,\"files\":1,\"bytes\":", "\"deleted\":0,\"complete\":true");
        List<String> ids = playground.query("SELECT id FROM sluice.quarantine ORDER BY id");
        assertThat(lines()).hasSize(3).zipSatisfy(ids, (line, id) -> assertThat(line)
                .contains("\"id\":" + id + ",", "\"reason\":\"not-a-whole-number\"", "\"key_id\":\"", "\"seal\":\"")
                .doesNotContain(ADDRESS));
        assertThat(files()).singleElement().satisfies(file -> {
            assertThat(file.getFileName().toString()).matches("quarantine-\\d{19}-\\d{19}\\.ndjson\\.gz");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
        assertThat(playground.count("sluice.audit")).as("nothing was opened").isZero();
    }

    @Test
    void whatWasDeletedComesBackAsItWasAndIsReplayed() {
        List<String> before = content();

        assertThat(export(OUT).succeeded().lastLine()).endsWith("; 3 deleted from the quarantine");
        assertThat(playground.count("sluice.quarantine")).isZero();
        assertThat(restore().succeeded().lastLine()).isEqualTo("imported 3 records");

        assertThat(content()).isEqualTo(before);
        assertThat(replayAsText()).isEqualTo("replayed 3 = stored 3 + duplicates 0 + rejected 0");
        assertThat(playground.query("SELECT id FROM logins ORDER BY 1")).containsExactly("x", "y", "z");
    }

    @Test
    void aRecordThatIsStillThereIsNotDoubled() {
        export().succeeded();

        assertThat(restore().succeeded().lastLine())
                .isEqualTo("imported 0 records; left out: 3 in the quarantine, 0 replayed, purged or imported before");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
    }

    /** The fault that an import must not make possible: a second row. */
    @Test
    void noRecordMakesTwoRowsHoweverOftenAndFromWhicheverFileItIsImported() throws IOException {
        export().succeeded();
        Path copy = Files.move(folder, folder.resolveSibling("copy"));
        export(OUT).succeeded();

        assertThat(importFrom(copy, folder).lastLine())
                .isEqualTo("imported 3 records; left out: 0 in the quarantine, 3 replayed, purged or imported before");
        replayAsText();
        assertThat(importFrom(folder).lastLine())
                .isEqualTo("imported 0 records; left out: 0 in the quarantine, 3 replayed, purged or imported before");
        assertThat(importFrom(copy).lastLine()).contains("imported 0 records; ");

        assertThat(playground.count("logins")).isEqualTo(3);
        assertThat(playground.count("sluice.quarantine")).isZero();
    }

    @Test
    void theProtectionSurvivesSoThatNoMaskedFieldComesOutInClear() {
        export(OUT).succeeded();
        restore().succeeded();
        use("text", null);
        playground.execute("ALTER TABLE logins ALTER id TYPE text");

        assertThat(replay("--accept-unmasked", "/ip").refused(ExitCode.CONFIG))
                .contains("/ip (deterministic-aead then, none now)", "nothing was opened");
    }

    @Test
    void refusesAnAlteredLineAndTakesItsNeighbours() throws IOException {
        export(OUT).succeeded();
        List<String> lines = lines();
        String altered = lines.get(1).replace("\"record\":0", "\"record\":1");
        assertThat(altered).isNotEqualTo(lines.get(1));
        Path picked = folder.resolveSibling("picked.ndjson");
        Files.write(picked, List.of(lines.get(2), altered, "{}", "no json", lines.get(0), lines.get(0)));

        Ran ran = importFrom(picked);

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.err())
                .contains(
                        "line 2 of " + picked + " is not imported: it was altered",
                        "line 3 of " + picked + " is not imported: it is not a line of",
                        "line 4 of ");
        assertThat(ran.lastLine())
                .isEqualTo("imported 2 records; left out: 0 in the quarantine, 1 replayed, purged or imported before;"
                        + " refused: 3 lines");
    }

    @Test
    void refusesEveryLineWithOtherKeys() {
        export(OUT).succeeded();
        playground.set("SLUICE_KEYS", folder.resolveSibling("other.json").toString());
        playground
                .sluice("keys", "create", "--allow-cleartext-keys", "--despite-unknown-keys")
                .succeeded();

        Ran ran = restore();

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.lastLine()).isEqualTo("imported 0 records; refused: 3 lines");
        assertThat(playground.count("sluice.quarantine")).isZero();
    }

    @Test
    void reportsADamagedFileAndImportsAWholeOneAfterIt() throws IOException {
        export(OUT).succeeded();
        byte[] packed = Files.readAllBytes(files().get(0));
        Path cut = folder.resolveSibling("cut.ndjson.gz");
        Files.write(cut, Arrays.copyOf(packed, packed.length - 10));

        Ran ran = importFrom(cut, folder);

        assertThat(ran.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(ran.err()).contains(cut + " was not read to its end: it is damaged");
        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
    }

    @Test
    void anotherDatabaseWithTheSameKeysTakesEachRecordOnce() {
        export().succeeded();
        playground.set("SLUICE_DATABASE_URL", Playground.empty(folder).databaseUrl);
        playground.sluice("migrate").succeeded();

        assertThat(restore().succeeded().lastLine()).isEqualTo("imported 3 records");
        assertThat(restore().succeeded().lastLine()).contains("imported 0 records; left out: 0 in the quarantine, 3 ");
    }

    @Test
    void exportsWhatIsAskedForToAFolderOfItsOwn() {
        assertThat(export("--reason", "missing").succeeded().lastLine())
                .isEqualTo("exported 0 records to 0 files, 0 bytes");
        String middle =
                playground.query("SELECT id FROM sluice.quarantine ORDER BY id").get(1);
        playground.execute("UPDATE sluice.quarantine SET quarantined_at = now() - interval '2 days', pipeline = 'other'"
                + " WHERE id = " + middle);

        assertThat(export("--until", "1d").succeeded().lastLine()).startsWith("exported 1 record to 1 file");
        assertThat(lines()).singleElement().asString().contains("\"id\":" + middle + ",");
        assertThat(export().refused(ExitCode.USAGE)).contains("an export needs a folder of its own");
        folder = folder.resolveSibling("deleted");
        assertThat(export(OUT).succeeded().lastLine())
                .as("of the current pipeline only")
                .contains("exported 2 records", "; 2 deleted");
        assertThat(importFrom(folder.resolveSibling("missing")).refused(ExitCode.USAGE))
                .contains("no file matches");
    }

    @Test
    void aFolderThatCannotBeWrittenLosesNothing() throws IOException {
        Files.writeString(folder, "");
        Path below = folder.resolve("x");
        Ran ran = playground.sluice("quarantine", "export", below.toString(), OUT);

        assertThat(ran.exitCode()).isEqualTo(ExitCode.OUTPUT);
        assertThat(ran.err()).contains("could not write to " + below);
        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
        assertThat(playground.count("sluice.quarantine_exported")).isZero();
    }

    @Test
    void killedBetweenFileAndDeletionItLosesAndDoublesNothing() throws IOException, InterruptedException {
        for (String point : List.of("BEFORE_COMMIT", "AFTER_COMMIT")) {
            folder = folder.resolveSibling(point);
            ProcessBuilder process = playground.process("quarantine", "export", folder.toString(), OUT);
            process.command().add(process.command().indexOf("-cp"), "-Dsluice.fail-point=" + point);
            process.redirectErrorStream(true)
                    .redirectOutput(playground.folder.resolve(point + ".out").toFile());
            Process killed = process.start();
            assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(killed.exitValue()).isEqualTo(137);
            assertThat(lines()).as("the file is complete").hasSize(3);
        }
        assertThat(playground.count("sluice.quarantine")).isZero();

        importFrom(folder.resolveSibling("BEFORE_COMMIT"), folder).succeeded();

        assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
    }

    @Test
    void toAndFromS3() throws IOException {
        try (S3Stub s3 = S3Stub.start()) {
            playground.set("AWS_ENDPOINT_URL_S3", s3.url());
            String prefix = "s3://bucket/2026/march";

            playground.sluice("quarantine", "export", prefix, OUT).succeeded();

            assertThat(s3.keys()).singleElement().asString().startsWith("2026/march/quarantine-");
            assertThat(playground.sluice("quarantine", "export", prefix).refused(ExitCode.USAGE))
                    .contains("there are files in " + prefix);
            playground.sluice("quarantine", "import", prefix + "/").succeeded();
            assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
            s3.deny();
            assertThat(playground
                            .sluice("quarantine", "export", "s3://bucket/x", OUT)
                            .refused(ExitCode.NOT_PERMITTED))
                    .contains("s3:PutObject failed", "AccessDenied");
            assertThat(playground.count("sluice.quarantine")).isEqualTo(3);
        }
    }

    private Ran export(String... options) {
        return playground.sluice(Stream.concat(Stream.of("quarantine", "export", folder.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private Ran restore() {
        return importFrom(folder);
    }

    private Ran importFrom(Path... paths) {
        return playground.sluice(Stream.concat(
                        Stream.of("quarantine", "import"), Stream.of(paths).map(Path::toString))
                .toArray(String[]::new));
    }

    private Ran replay(String... options) {
        return playground.sluice(
                Stream.concat(Stream.of("quarantine", "replay", "--all", "--ticket", "OPS-1"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private String replayAsText() {
        use("text", "deterministic-aead");
        playground.execute("ALTER TABLE logins ALTER id TYPE text");
        return replay().succeeded().lastLine();
    }

    private void use(String type, @Nullable String mask) {
        String spec =
                """
                pipeline: logins
                source: { queue: q }
                sink: { table: logins }
                columns:
                  id: { from: id, type: %s, required: true }
                  ip: { from: ip, type: text%s }
                """
                        .formatted(type, mask == null ? "" : ", mask: { kind: " + mask + " }");
        playground.set("SLUICE_PIPELINE", playground.write("logins.yaml", spec).toString());
    }

    private void reject(String... ids) {
        playground.send(Stream.of(ids)
                .map(id -> "{\"id\":\"" + id + "\",\"ip\":\"" + ADDRESS + "\"}")
                .toList());
        playground.drain();
    }

    private List<String> content() {
        return playground.query("SELECT (" + ALL_BUT_ID + ")::text FROM sluice.quarantine ORDER BY message_id");
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }
}
