package dev.sluice.recovery.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bulk.FileSink;
import dev.sluice.bulk.LocalFiles;
import dev.sluice.bulk.SourceFile;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Keysets;
import dev.sluice.keys.Sealer;
import dev.sluice.postgres.QuarantineArchive;
import dev.sluice.postgres.QuarantineArchive.Read;
import dev.sluice.postgres.QuarantineArchive.Restored;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.archive.QuarantineExport.Exported;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than a page, larger than a file, and what happens in between. */
class QuarantineExportBoundsIT {

    private static final int MEBIBYTE = 1024 * 1024;

    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final Sealer sealer = Keysets.ephemeral(Map.of()).sealer();
    private final ShutdownSignal stop = new ShutdownSignal();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aStopEndsItAfterAFileThatIsWholeAndTheNextRunHasTheRest() throws IOException {
        quarantine(1_200, 10);

        Exported first = export("first", new LocalFiles(), true, stop::request);
        Exported rest = export("rest", new LocalFiles(), false, () -> {});

        assertThat(first).isEqualTo(new Exported(500, 1, first.bytes(), 500, false));
        assertThat(rest).isEqualTo(new Exported(700, 1, rest.bytes(), 0, true));
        assertThat(testDatabase.query("SELECT min(id) FROM sluice.quarantine")).containsExactly("501");
    }

    /** Sixteen mebibytes are the longest line that a backfill takes. */
    @Test
    void theLargestOriginalsComeBack() throws IOException {
        quarantine(2, 16 * MEBIBYTE);
        quarantine(3, 5 * MEBIBYTE);
        List<String> before = digests();

        Exported exported = export("large", new LocalFiles(), true, () -> {});
        assertThat(exported.files()).isEqualTo(3);
        assertThat(testDatabase.count("sluice.quarantine")).isZero();

        assertThat(restore("large")).isEqualTo(new Restored(5, 0, 0));
        assertThat(digests()).isEqualTo(before);
    }

    @Test
    void aPageHoldsNoMoreThanEightMebibytesUnlessOneOriginalDoes() {
        quarantine(3, 3 * MEBIBYTE);
        quarantine(1, 16 * MEBIBYTE);

        assertThat(pages()).containsExactly(3, 1);
    }

    /** A replay in between may have stored a record, or found another reason. */
    @Test
    void whatChangedWhileItsFileWasWrittenIsNotDeleted() throws IOException {
        quarantine(4, 10);
        LocalFiles files = new LocalFiles();
        FileSink sink = (path, content) -> {
            files.create(path, content);
            testDatabase.execute("UPDATE sluice.quarantine SET reason = 'missing' WHERE id = 1;"
                    + "DELETE FROM sluice.quarantine WHERE id = 2");
        };

        Exported exported = export("changed", sink, true, () -> {});

        assertThat(exported.records()).isEqualTo(4);
        assertThat(exported.deleted()).isEqualTo(2);
        assertThat(testDatabase.query("SELECT id || reason FROM sluice.quarantine"))
                .containsExactly("1missing");
        assertThat(restore("changed"))
                .as("the one that was replayed does not come back")
                .isEqualTo(new Restored(2, 1, 1));
    }

    @Test
    void nothingIsDeletedWhoseFileCouldNotBeMade() {
        quarantine(2, 10);
        FileSink full = (path, content) -> {
            throw new IOException("No space left on device");
        };

        assertThatThrownBy(() -> export("full", full, true, () -> {})).isInstanceOf(IOException.class);

        assertThat(testDatabase.count("sluice.quarantine")).isEqualTo(2);
        assertThat(testDatabase.count("sluice.quarantine_exported")).isZero();
    }

    @Test
    void aLineIsSealedAsAWhole() {
        quarantine(1, 10);
        Read read = new QuarantineArchive(database)
                .page(database.installationId(), QuarantineFilter.ALL, 0, Long.MAX_VALUE)
                .get(0);
        String line = new String(ExportedLine.seal(read.entry(), sealer).text(), UTF_8);

        assertThat(isAuthentic(line, sealer)).isTrue();
        assertThat(isAuthentic(line.replace(",", ", "), sealer))
                .as("the same in another layout")
                .isTrue();
        assertThat(isAuthentic(line, Keysets.ephemeral(Map.of()).sealer())).isFalse();
        for (String change : List.of(
                "\"id\":1|\"id\":2",
                "\"pipeline\":\"p\"|\"pipeline\":\"q\"",
                "\"reason\":\"not-json\"|\"reason\":\"missing\"",
                "\"column\":null|\"column\":\"c\"",
                "\"record\":0|\"record\":1",
                "\"sent\":\"2026|\"sent\":\"2025",
                "\"original_form\":\"body\"|\"original_form\":\"record\"",
                "\"idempotency_key\":null|\"idempotency_key\":\"AAAA\"",
                "\"protection\":null|\"protection\":\"{}\"",
                "\"original\":\"|\"original\":\"AAAA")) {
            String[] fromTo = change.split("\\|", 2);
            assertThat(line).contains(fromTo[0]);
            assertThat(isAuthentic(line.replace(fromTo[0], fromTo[1]), sealer))
                    .as(change)
                    .isFalse();
        }
        for (String wrong : List.of(
                "",
                "{}",
                "[]",
                "7",
                line + "x",
                line.replace("\"id\":1", "\"id\":\"1\""),
                line.replace("\"id\":1", "\"id\":1e400"),
                line.replace("\"sent\":\"2026", "\"sent\":\"x"),
                "{\"id\":1," + line.substring(1))) {
            assertThat(ExportedLine.parse(wrong.getBytes(UTF_8))).as(wrong).isNull();
        }
    }

    private static boolean isAuthentic(String line, Sealer sealer) {
        ExportedLine parsed = ExportedLine.parse(line.getBytes(UTF_8));
        return parsed != null && parsed.isAuthentic(sealer);
    }

    private List<Integer> pages() {
        QuarantineArchive archive = new QuarantineArchive(database);
        List<Integer> sizes = new ArrayList<>();
        long after = 0;
        while (true) {
            List<Read> page = archive.page(database.installationId(), QuarantineFilter.ALL, after, Long.MAX_VALUE);
            if (page.isEmpty()) {
                return sizes;
            }
            sizes.add(page.size());
            after = page.get(page.size() - 1).entry().sealed().entry().id();
        }
    }

    private Exported export(String name, FileSink sink, boolean deletes, Runnable afterEachPage) throws IOException {
        ShutdownSignal signal = name.equals("first") ? stop : new ShutdownSignal();
        return new QuarantineExport(database, sealer, sink, signal, deletes)
                .run(folder.resolve(name).toString(), QuarantineFilter.ALL, new QuarantineExport.Progress() {
                    @Override
                    public void found(long records) {}

                    @Override
                    public void read(long records) {
                        afterEachPage.run();
                    }
                });
    }

    private Restored restore(String name) {
        LocalFiles files = new LocalFiles();
        QuarantineImport.Listener listener = new QuarantineImport.Listener() {
            @Override
            public void progressed(Restored sum) {}

            @Override
            public void refused(SourceFile file, long line, String why) {
                throw new AssertionError("line " + line + ": " + why);
            }

            @Override
            public void unreadable(SourceFile file, String why) {
                throw new AssertionError(why);
            }
        };
        return new QuarantineImport(database, sealer, files, new ShutdownSignal(), listener)
                .run(files.list(folder.resolve(name).toString()))
                .restored();
    }

    /** Originals of random bytes, whatever is sealed in them. */
    private void quarantine(int records, int bytes) {
        testDatabase.execute("INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, sent_at, message_id,"
                + " record_index, receive_count, original, original_form) SELECT 'p', '0123456789ab', 'not-json',"
                + " '2026-03-01T12:00:00.123456Z', 'm' || i, 0, 1, decode(repeat(md5(i::text), " + (bytes + 15) / 16
                + "), 'hex'), 'body' FROM generate_series(1, " + records + ") AS i");
    }

    private List<String> digests() {
        return testDatabase.query("SELECT message_id || md5(original) FROM sluice.quarantine ORDER BY 1");
    }
}
