package dev.sluice.bulk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * A part of a file cannot be loaded, and will not be at another try: it is damaged, has changed, or is not what
 * its name says. Names
 * neither the file nor its content.
 */
public final class UnreadableFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    UnreadableFileException(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    /** @param failure of a store: a {@link FileChangedException}, or that the file is missing or may not be read */
    public static UnreadableFileException of(IOException failure) {
        if (failure instanceof FileChangedException) {
            return new UnreadableFileException("it has changed since it was planned");
        }
        return new UnreadableFileException(
                failure instanceof NoSuchFileException ? "it does not exist any more" : "it may not be read");
    }

    /** @param how a clause, without the file's content */
    public static UnreadableFileException damaged(String how) {
        return new UnreadableFileException("it is damaged: " + how);
    }

    /** What is wrong, a clause. */
    public String why() {
        return why;
    }
}
