package dev.sluice.bulk;

import java.io.IOException;

/** A file is not what it was when the work was planned. */
public final class FileChangedException extends IOException {

    private static final long serialVersionUID = 1L;

    public FileChangedException() {
        super("the file has changed since it was planned");
    }
}
