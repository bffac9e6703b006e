package dev.sluice.recovery.rewrap;

/**
 * A piece of a table that one transaction goes over.
 *
 * @param from the first block
 * @param to the block after the last
 */
public record BlockRange(Partition leaf, long from, long to) {

    /** The lowest tuple id within, as PostgreSQL's {@code tid}. */
    String fromTid() {
        return "(" + from + ",0)";
    }

    /** The lowest tuple id behind. */
    String toTid() {
        return "(" + to + ",0)";
    }
}
