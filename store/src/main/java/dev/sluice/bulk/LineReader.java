package dev.sluice.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines that begin within a part of a file, so that parts side by side have each line once, wherever they were cut.
 * Ended by LF or CR LF, the last one by the end of the file. Used by one thread.
 */
final class LineReader {

    /** An array of many records is a line too; a message of SQS has a mebibyte at most. */
    static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final long end;
    private final long fileEnd;
    private final int maxLineBytes;
    private byte[] buffer = new byte[256 * 1024];
    private int from;
    private int to;
    private long read;
    private boolean ended;
    private boolean begun;
    private long offset;
    private long next;
    private long count;

    /**
     * @param in the file from {@link #firstByte} of {@code start} on
     * @param start where the part begins, in the uncompressed file
     * @param end where the next part begins; {@link Long#MAX_VALUE} for the file's end
     * @param fileEnd how long the file is; {@link Long#MAX_VALUE} when that is not known
     */
    LineReader(InputStream in, long start, long end, long fileEnd) {
        this(in, start, end, fileEnd, MAX_LINE_BYTES);
    }

    /** @param maxLineBytes a longer line is refused */
    LineReader(InputStream in, long start, long end, long fileEnd, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
        this.read = firstByte(start);
        this.next = read;
        this.begun = start == 0;
        this.end = end;
        this.fileEnd = fileEnd;
    }

    /** Where reading begins for a part that begins at {@code start}: a line begins there if the byte before ends one. */
    static long firstByte(long start) {
        return Math.max(0, start - 1);
    }

    /**
     * The next line, without its end; null when there is none.
     *
     * @throws FileChangedException when the file ends earlier than it did
     * @throws UnreadableFileException when the line is longer than it may be
     */
    byte @Nullable [] next() throws IOException, UnreadableFileException {
        if (!begun) {
            begun = true;
            skipLine();
        }
        if (next >= end) {
            return null;
        }
        int scanned = from;
        while (true) {
            int newline = find(scanned);
            if (newline >= 0) {
                return line(newline, newline + 1);
            }
            if (ended) {
                return from == to ? null : line(to, to);
            }
            if (to - from > maxLineBytes) {
                throw new UnreadableFileException("the line at byte " + next + " is longer than "
                        + maxLineBytes / (1024 * 1024) + " MiB; one JSON value per line was expected (NDJSON)");
            }
            int held = to - from;
            fill();
            scanned = from + held;
        }
    }

    /** Where the line begins that {@link #next} returned last. */
    long offset() {
        return offset;
    }

    /** How many lines were returned. */
    long count() {
        return count;
    }

    private void skipLine() throws IOException {
        while (true) {
            int newline = find(from);
            int following = newline < 0 ? to : newline + 1;
            next += following - from;
            from = following;
            if (newline >= 0 || ended) {
                return;
            }
            fill();
        }
    }

    private int find(int start) {
        for (int i = start; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private byte[] line(int lineEnd, int following) {
        int begin = from;
        offset = next;
        next += following - from;
        from = following;
        count++;
        int last = lineEnd > begin && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        if (offset == 0 && startsWithMark(begin, last)) {
            begin += BYTE_ORDER_MARK.length;
        }
        return Arrays.copyOfRange(buffer, begin, last);
    }

    private boolean startsWithMark(int begin, int lineEnd) {
        return lineEnd - begin >= BYTE_ORDER_MARK.length
                && Arrays.equals(
                        buffer, begin, begin + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    private void fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int got = in.read(buffer, to, buffer.length - to);
        if (got >= 0) {
            to += got;
            read += got;
            return;
        }
        ended = true;
        if (fileEnd != Long.MAX_VALUE && read != fileEnd) {
            throw new FileChangedException();
        }
    }
}
