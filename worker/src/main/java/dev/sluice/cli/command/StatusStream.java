package dev.sluice.cli.command;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps one line, such as a progress bar, below everything else that is written to a terminal. Thread-safe. */
final class StatusStream extends FilterOutputStream {

    /** To the first column, and erase the line (ECMA-48, EL). */
    private static final byte[] CLEAR = "\r\u001b[K".getBytes(StandardCharsets.US_ASCII);

    private byte[] status = {};
    private boolean isDrawn;
    private boolean isMidLine;

    StatusStream(OutputStream to) {
        super(to);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        clear();
        out.write(bytes, offset, length);
        isMidLine = bytes[offset + length - 1] != '\n';
        draw();
    }

    /** @param line shorter than the terminal is wide; empty for none */
    synchronized void show(String line) throws IOException {
        clear();
        status = line.getBytes(StandardCharsets.UTF_8);
        draw();
        out.flush();
    }

    private void clear() throws IOException {
        if (isDrawn) {
            out.write(CLEAR);
            isDrawn = false;
        }
    }

    /** Not after a prompt, which stays the last line until its answer. */
    private void draw() throws IOException {
        if (!isMidLine && status.length > 0) {
            out.write(status);
            isDrawn = true;
        }
    }
}
