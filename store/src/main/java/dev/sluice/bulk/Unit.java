package dev.sluice.bulk;

import java.io.Serializable;

/**
 * A part of a file: the lines that begin in it are loaded in one transaction.
 *
 * @param number within its dataset, from 0
 * @param start offset of its first byte, which may be in the middle of a line
 * @param length in bytes; of a compressed file all of it
 */
public record Unit(int number, SourceFile file, long start, long length) implements Serializable {

    /** Where the next part of the file begins. */
    public long end() {
        return start + length;
    }
}
