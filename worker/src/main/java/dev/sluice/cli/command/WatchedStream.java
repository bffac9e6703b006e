package dev.sluice.cli.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Remembers the first write that failed; {@link java.io.PrintStream} only remembers that one did. Used by one thread. */
final class WatchedStream extends FilterOutputStream {

    /** Where Linux says what standard output is. */
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private @Nullable IOException failure;

    WatchedStream(OutputStream to) {
        super(to);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** The JVM ignores SIGPIPE and reports EPIPE, in the user's language: on Linux, what the stream is counts as well. */
    boolean isReaderGone() {
        return failure != null && (String.valueOf(failure.getMessage()).contains("roken pipe") || isPipe());
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(STANDARD_OUTPUT).toString().startsWith("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // not Linux
        }
    }
}
