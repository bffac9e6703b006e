package dev.sluice.cli;

import java.io.IOException;
import java.io.OutputStream;

/** Takes nothing, as a full disk does. */
final class FullDisk {

    static final OutputStream STREAM = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    };

    private FullDisk() {}
}
