package dev.sluice.badinput;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One case of the corpus: a body, and what must become of it.
 *
 * @param id unique; the body bears {@code case-<id>} wherever it can
 * @param group the class of bad input, as the project's list of guarantees names them
 * @param pipeline the file of the pipeline it is meant for, without its ending
 * @param body what a queue would deliver
 * @param originals the texts that may be sealed for the quarantine: the body, and its record
 * @param expected {@value #STORED}, or a rejection's label
 * @param column the column that the rejection names; null when it speaks of the record
 * @param stored of a case that is stored: columns and their values, as PostgreSQL writes them
 * @param unmasked of a case that is stored: masked columns, and what their tokens must open to
 * @param mapperOnly why the body can be no message of SQS; null when it can
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a body is bytes, and some are no text
public record BadInput(
        String id,
        String group,
        String pipeline,
        byte[] body,
        List<byte[]> originals,
        String expected,
        @Nullable String column,
        Map<String, String> stored,
        Map<String, String> unmasked,
        @Nullable String mapperOnly) {

    static final String STORED = "stored";

    /** Whether it must pass, unaltered. */
    public boolean isStored() {
        return expected.equals(STORED);
    }

    /** What must become of it, as {@code reason} or {@code reason in column}. */
    public String verdict() {
        return column == null ? expected : expected + " in " + column;
    }

    @Override
    public String toString() {
        return group + "/" + id;
    }
}
