package dev.sluice.cli.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The UTF-8 text of a message file, as a reader that can look ahead and return what it has read: a message is an exact
 * piece of its file. Keeps the text from the last release on, and no more than {@link #MAX_KEPT}, so a file may have any
 * size. Counts lines where {@link java.io.LineNumberReader} does. Used by one thread.
 */
final class MessageText extends Reader {

    /** The largest message is 1 MiB (SQS quotas, message size). Much longer text is a file that is not what it seems. */
    static final int MAX_KEPT = 16 << 20;

    private static final int CHUNK_BYTES = 1 << 16;
    private static final int END = -1;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream bytes;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer undecoded = ByteBuffer.allocate(CHUNK_BYTES).flip();
    private final CharBuffer decoded = CharBuffer.allocate(CHUNK_BYTES);
    private final StringBuilder kept = new StringBuilder();
    private long keptFrom;
    private long released;
    private long position;
    private long lines;
    private final AtomicLong bytesRead = new AtomicLong();
    private boolean ended;

    MessageText(InputStream bytes) {
        this.bytes = bytes;
    }

    /** Text that is longer than {@link #MAX_KEPT} was asked for in one piece. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;
    }

    /** A byte order mark at the beginning is not text. */
    void skipByteOrderMark() throws IOException {
        if (charAt(0) == BYTE_ORDER_MARK) {
            position = 1;
        }
    }

    /** Where the next character is read, from 0 at the beginning of the file. */
    long position() {
        return position;
    }

    /** How many lines {@link #nextLine} has returned. */
    long lines() {
        return lines;
    }

    /** How many bytes of the file were read so far. May be called by any thread. */
    long bytesRead() {
        return bytesRead.get();
    }

    /** A character that was not released yet; -1 beyond the end. Reads ahead without moving the position. */
    int charAt(long offset) throws IOException {
        while (offset >= keptFrom + kept.length()) {
            if (!decodeMore()) {
                return END;
            }
        }
        return kept.charAt((int) (offset - keptFrom));
    }

    /** The text between two offsets, all of it read and not released. */
    String between(long from, long to) {
        return kept.substring((int) (from - keptFrom), (int) (to - keptFrom));
    }

    /** What was read and not released. */
    String rest() {
        return between(released, position);
    }

    /** Forgets what lies before the offset. */
    void release(long before) {
        released = before;
        if (released - keptFrom >= CHUNK_BYTES) {
            kept.delete(0, (int) (released - keptFrom));
            keptFrom = released;
        }
    }

    /** Where the line ends that contains the offset: at its line break, or at the end of the text. */
    long lineEnd(long offset) throws IOException {
        long end = offset;
        for (int c = charAt(end); c != '\n' && c != '\r' && c != END; c = charAt(end)) {
            end++;
        }
        return end;
    }

    /** The next line without its end; null after the last one. */
    @Nullable
    String nextLine() throws IOException {
        release(position);
        if (charAt(position) == END) {
            return null;
        }
        long end = lineEnd(position);
        String line = between(position, end);
        position = charAt(end) == '\r' && charAt(end + 1) == '\n' ? end + 2 : end + 1;
        lines++;
        return line;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (charAt(position) == END) {
            return END;
        }
        int count = (int) Math.min(length, keptFrom + kept.length() - position);
        int from = (int) (position - keptFrom);
        kept.getChars(from, from + count, buffer, offset);
        position += count;
        return count;
    }

    /** What precedes a byte that is not UTF-8 is returned first, so that the reader knows the line of the fault. */
    private boolean decodeMore() throws IOException {
        if (keptFrom + kept.length() - released > MAX_KEPT) {
            throw new TooLongException();
        }
        decoded.clear();
        while (true) {
            CoderResult result = decoder.decode(undecoded, decoded, ended);
            if (decoded.position() > 0) {
                kept.append(decoded.flip());
                return true;
            }
            if (result.isError()) {
                throw new CharacterCodingException();
            }
            if (ended) {
                return false;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        undecoded.compact();
        int count = bytes.read(undecoded.array(), undecoded.position(), undecoded.remaining());
        ended = count < 0;
        undecoded.position(undecoded.position() + Math.max(count, 0)).flip();
        bytesRead.addAndGet(Math.max(count, 0));
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
