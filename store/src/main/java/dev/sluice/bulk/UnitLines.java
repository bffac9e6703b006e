package dev.sluice.bulk;

import io.airlift.compress.MalformedInputException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a unit. Tells a file that is damaged, and stays so, from a store that fails and may work at another try. Used
 * by one thread.
 */
public final class UnitLines implements UnitRecords {

    private static final int BUFFER = 64 * 1024;

    private final WatchedStream packed;
    private final LineReader lines;

    private UnitLines(WatchedStream packed, LineReader lines) {
        this.packed = packed;
        this.lines = lines;
    }

    /**
     * Opens a unit's file.
     *
     * @throws UnreadableFileException when it is missing, may not be read, has changed since it was listed, or is damaged
     * @throws IOException when its store fails
     */
    public static UnitRecords open(FileStore store, Unit unit) throws IOException, UnreadableFileException {
        return open(store, unit, LineReader.MAX_LINE_BYTES);
    }

    /**
     * The same for a whole file whose lines are longer.
     *
     * @param maxLineBytes a longer line makes it unreadable
     */
    public static UnitRecords open(FileStore store, SourceFile file, int maxLineBytes)
            throws IOException, UnreadableFileException {
        return open(store, new Unit(0, file, 0, file.bytes()), maxLineBytes);
    }

    private static UnitRecords open(FileStore store, Unit unit, int maxLineBytes)
            throws IOException, UnreadableFileException {
        FileCompression compression = unit.file().compression();
        WatchedStream packed = new WatchedStream(openFile(store, unit));
        boolean opened = false;
        try {
            LineReader lines;
            if (compression == FileCompression.NONE) {
                requireText(packed, unit);
                lines = new LineReader(
                        packed, unit.start(), unit.end(), unit.file().bytes(), maxLineBytes);
            } else {
                lines = new LineReader(compression.unpack(packed), 0, Long.MAX_VALUE, Long.MAX_VALUE, maxLineBytes);
            }
            opened = true;
            return new UnitLines(packed, lines);
        } catch (IOException e) {
            throw packed.explained();
        } finally {
            if (!opened) {
                packed.close();
            }
        }
    }

    private static InputStream openFile(FileStore store, Unit unit) throws IOException, UnreadableFileException {
        try {
            return new BufferedInputStream(
                    store.open(unit.file(), LineReader.firstByte(unit.start()), unit.end()), BUFFER);
        } catch (FileChangedException | NoSuchFileException | AccessDeniedException e) {
            throw UnreadableFileException.of(e);
        }
    }

    private static void requireText(InputStream in, Unit unit) throws IOException, UnreadableFileException {
        if (unit.start() > 0) {
            return;
        }
        in.mark(FileCompression.LONGEST_MARK);
        String seen = FileCompression.seen(in.readNBytes(FileCompression.LONGEST_MARK));
        if (seen != null) {
            throw new UnreadableFileException("its content is " + seen + ", and its name does not end so");
        }
        in.reset();
    }

    /** The next line, without its end. */
    @Override
    public byte @Nullable [] next() throws IOException, UnreadableFileException {
        try {
            return lines.next();
        } catch (FileChangedException e) {
            throw UnreadableFileException.of(e);
        } catch (IOException | MalformedInputException e) {
            throw packed.explained();
        }
    }

    /** The offset in the uncompressed file. */
    @Override
    public long position() {
        return lines.offset();
    }

    @Override
    public long count() {
        return lines.count();
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }

    /** Remembers whether the store failed: what else fails is the content. */
    private static final class WatchedStream extends FilterInputStream {

        private @Nullable IOException failure;

        WatchedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** Why reading failed: the store's failure, if there is one. */
        IOException explained() throws UnreadableFileException {
            if (failure != null) {
                return failure;
            }
            throw UnreadableFileException.damaged("not compressed as its name says, or not to its end");
        }
    }
}
