package dev.sluice.cli.run;

/**
 * One message body.
 *
 * @param line its line in the file, from 1; of an array's element the line on which it begins
 */
public record MessageBody(long line, String text) {

    /** Without the text. */
    @Override
    public String toString() {
        return "MessageBody[line " + line + "]";
    }
}
