package dev.sluice.recovery.archive;

import dev.sluice.bulk.FileSink;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Sealer;
import dev.sluice.postgres.QuarantineArchive;
import dev.sluice.postgres.QuarantineArchive.Extent;
import dev.sluice.postgres.QuarantineArchive.Read;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.db.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * Writes quarantined records to files, as they are: sealed. Each file is complete before it has its name, and is named by the
 * ids of its first and last record. Opens no original, so there is no entry in the audit. Holds one file in memory. Used once.
 */
public final class QuarantineExport {

    /** Lines of a file before compression, about: what is in memory at once, and lost when a run is killed. */
    private static final int FILE_BYTES = 16 * 1024 * 1024;

    private final Database database;
    private final QuarantineArchive archive;
    private final Sealer sealer;
    private final FileSink sink;
    private final ShutdownSignal stop;
    private final boolean deletes;
    private Exported sum = new Exported(0, 0, 0, 0, false);

    /**
     * @param stop ends the export after the file in progress
     * @param deletes whether records leave the quarantine once their file is durable
     */
    public QuarantineExport(Database database, Sealer sealer, FileSink sink, ShutdownSignal stop, boolean deletes) {
        this.database = database;
        this.archive = new QuarantineArchive(database);
        this.sealer = sealer;
        this.sink = sink;
        this.stop = stop;
        this.deletes = deletes;
    }

    /**
     * Exports the present records, in the order of their ids. Blocks until done. Files that are made when it throws are complete
     * and stay.
     *
     * @param folder where the files are made; holds none yet
     * @param progress hears of each page: how many records there are in all, and how many are read
     * @throws IOException when a file cannot be written
     * @throws dev.sluice.failure.InfrastructureException when database or object store fail, or deny
     */
    public Exported run(String folder, QuarantineFilter filter, Progress progress) throws IOException {
        if (deletes) {
            archive.requireTake();
        }
        UUID id = database.installationId();
        Extent extent = archive.extent(filter);
        progress.found(extent.records());
        long after = 0;
        long read = 0;
        File file = new File();
        while (!stop.isRequested()) {
            List<Read> page = archive.page(id, filter, after, extent.last());
            if (page.isEmpty()) {
                finish(folder, file);
                return sum.completed();
            }
            for (Read one : page) {
                file.add(one);
                if (file.bytes >= FILE_BYTES) {
                    finish(folder, file);
                    file = new File();
                }
            }
            read += page.size();
            after = page.getLast().entry().sealed().entry().id();
            progress.read(read);
        }
        finish(folder, file);
        return sum;
    }

    private void finish(String folder, File file) throws IOException {
        if (file.ids.isEmpty()) {
            return;
        }
        byte[] content = file.content();
        sink.create(folder + (folder.endsWith("/") ? "" : "/") + file.name(), content);
        long deleted = deletes ? archive.take(file.ids, file.versions) : 0;
        sum = sum.plus(new Exported(file.ids.size(), 1, content.length, deleted, false));
    }

    /** Hears of an export as it goes on. */
    public interface Progress {

        /** How many records there are. */
        void found(long records);

        /** How many of them are read. */
        void read(long records);
    }

    /**
     * What an export did.
     *
     * @param records in the files
     * @param files that were made
     * @param bytes of them, compressed
     * @param deleted records that left the quarantine; without those that were changed, replayed or purged in between
     * @param complete whether it got to the end
     */
    public record Exported(long records, long files, long bytes, long deleted, boolean complete) {

        private Exported plus(Exported other) {
            return new Exported(
                    records + other.records, files + other.files, bytes + other.bytes, deleted + other.deleted, false);
        }

        private Exported completed() {
            return new Exported(records, files, bytes, deleted, true);
        }
    }

    private final class File {

        private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        private final GZIPOutputStream out;
        private final List<Long> ids = new ArrayList<>();
        private final List<String> versions = new ArrayList<>();
        private long bytes;

        File() {
            try {
                out = new GZIPOutputStream(packed);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory does not fail so
            }
        }

        void add(Read read) throws IOException {
            byte[] line = ExportedLine.seal(read.entry(), sealer).text();
            out.write(line);
            out.write('\n');
            bytes += line.length + 1;
            ids.add(read.entry().sealed().entry().id());
            versions.add(read.version());
        }

        byte[] content() throws IOException {
            out.close();
            return packed.toByteArray();
        }

        /** As long as the largest id, so that names sort as ids do. */
        String name() {
            return String.format(Locale.ROOT, "quarantine-%019d-%019d.ndjson.gz", ids.getFirst(), ids.getLast());
        }
    }
}
