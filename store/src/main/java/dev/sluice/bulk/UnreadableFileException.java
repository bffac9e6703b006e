package dev.sluice.bulk;

/**
 * A part of a file cannot be loaded, and will not be at another try: it is damaged, has changed, or is no NDJSON. Names
 * neither the file nor its content.
 */
public final class UnreadableFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String why;

    UnreadableFileException(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    /** What is wrong, a clause. */
    public String why() {
        return why;
    }
}
