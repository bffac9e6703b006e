package dev.sluice.cli;

import java.io.IOException;
import java.io.Reader;

/** A line that was read already, then the rest of its text. Used by one thread. */
final class JoinedReader extends Reader {

    private final Reader rest;
    private String first;

    JoinedReader(String first, Reader rest) {
        this.first = first + "\n";
        this.rest = rest;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (first.isEmpty()) {
            return rest.read(buffer, offset, length);
        }
        int taken = Math.min(length, first.length());
        first.getChars(0, taken, buffer, offset);
        first = first.substring(taken);
        return taken;
    }

    @Override
    public void close() throws IOException {
        rest.close();
    }
}
