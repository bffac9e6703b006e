package dev.sluice.recovery.archive;

import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.SourceFile;
import dev.sluice.bulk.UnitLines;
import dev.sluice.bulk.UnitRecords;
import dev.sluice.bulk.UnreadableFileException;
import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Sealer;
import dev.sluice.postgres.ArchivedEntry;
import dev.sluice.postgres.QuarantineArchive;
import dev.sluice.postgres.QuarantineArchive.Restored;
import dev.sluice.postgres.db.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Puts exported records back into the quarantine, from where they can be shown and replayed. Takes lines only that are as {@link
 * QuarantineExport} made them, and each record only once; so it can be repeated. Opens no original. Used once.
 */
public final class QuarantineImport {

    /** Records of a transaction, unless their originals come to more than {@link #BATCH_BYTES}. */
    private static final int BATCH_RECORDS = 500;

    private static final int BATCH_BYTES = 8 * 1024 * 1024;

    private final QuarantineArchive archive;
    private final UUID into;
    private final Sealer sealer;
    private final FileStore store;
    private final ShutdownSignal stop;
    private final Listener listener;
    private final List<ArchivedEntry> batch = new ArrayList<>();
    private long batchBytes;
    private Restored restored = Restored.NONE;
    private long refused;
    private boolean unreadable;

    /**
     * @param stop ends the import after the records in progress
     * @param listener hears of what is not imported
     */
    public QuarantineImport(Database database, Sealer sealer, FileStore store, ShutdownSignal stop, Listener listener) {
        this.archive = new QuarantineArchive(database);
        this.into = database.installationId();
        this.sealer = sealer;
        this.store = store;
        this.stop = stop;
        this.listener = listener;
    }

    /**
     * Imports files. Blocks until done; what is committed when it throws stays, and another call continues.
     *
     * @throws InfrastructureException when database or store fail, or deny
     */
    public Imported run(Collection<SourceFile> files) {
        for (SourceFile file : files) {
            try {
                load(file);
            } catch (UnreadableFileException e) {
                unreadable = true;
                listener.unreadable(file, e.why());
            } catch (IOException e) {
                throw new InfrastructureException(
                        Kind.TRANSIENT,
                        "could not read " + file.path() + ": " + e.getClass().getSimpleName()
                                + "; run the same command again to continue");
            } finally {
                flush(); // lines before a damaged place are whole
            }
        }
        return new Imported(restored, refused, !stop.isRequested(), unreadable);
    }

    private void load(SourceFile file) throws IOException, UnreadableFileException {
        try (UnitRecords lines = UnitLines.open(store, file, ExportedLine.MAX_BYTES)) {
            for (byte[] line = lines.next(); line != null && !stop.isRequested(); line = lines.next()) {
                add(file, lines.count(), line);
            }
        }
    }

    private void add(SourceFile file, long number, byte[] bytes) {
        ExportedLine line = ExportedLine.parse(bytes);
        if (line == null) {
            refused++;
            listener.refused(file, number, "it is not a line of sluice quarantine export");
        } else if (!line.isAuthentic(sealer)) {
            refused++;
            listener.refused(
                    file,
                    number,
                    "it was altered, or its key is not among the enabled keys of the keyset 'quarantine'");
        } else {
            batch.add(line.entry());
            batchBytes += bytes.length;
            if (batch.size() >= BATCH_RECORDS || batchBytes >= BATCH_BYTES) {
                flush();
            }
        }
    }

    private void flush() {
        if (batch.isEmpty()) {
            return;
        }
        List<ArchivedEntry> entries = List.copyOf(batch);
        batch.clear();
        batchBytes = 0;
        restored = restored.plus(archive.restore(into, entries));
        FailPoint.AFTER_COMMIT.pass();
        listener.progressed(restored);
    }

    /** Hears of an import as it goes on. */
    public interface Listener {

        /** What is committed. */
        void progressed(Restored sum);

        /**
         * A line is not imported; those around it are.
         *
         * @param line its number in the file, from 1
         * @param why a clause
         */
        void refused(SourceFile file, long line, String why);

        /** A file cannot be read, to its end or at all; lines before that place may be imported. */
        void unreadable(SourceFile file, String why);
    }

    /**
     * What an import did.
     *
     * @param restored what became of the lines that were authentic
     * @param refused lines that were not
     * @param complete whether it got to the end
     * @param unreadable whether a file could not be read
     */
    public record Imported(Restored restored, long refused, boolean complete, boolean unreadable) {}
}
