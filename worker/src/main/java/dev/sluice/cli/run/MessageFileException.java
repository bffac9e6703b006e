package dev.sluice.cli.run;

import java.util.Objects;

/** A message file cannot be read, or holds something that is not a message. What was read before that was returned. */
public final class MessageFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long line;

    /**
     * @param line on which the faulty value begins, from 1; 0 if the file could not be opened
     * @param sentence names the file and the fault, and quotes nothing of its content
     */
    MessageFileException(long line, String sentence) {
        super(sentence);
        this.line = line;
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The line on which the faulty value begins, from 1; 0 if the file could not be opened. */
    public long line() {
        return line;
    }
}
