package dev.sluice.bulk;

/**
 * What a unit, or several, came to: {@code records = stored + quarantined}.
 *
 * @param lines read, blank ones too
 * @param records in them: a line may hold an array
 * @param stored rows
 * @param quarantined records that became no row
 */
public record UnitCounts(long lines, long records, long stored, long quarantined) {

    /** Fewer records say nothing about an archive. */
    private static final long ENOUGH_RECORDS = 1_000;

    static final UnitCounts NONE = new UnitCounts(0, 0, 0, 0);

    /** Whether so much is rejected that the work should end: it may be the wrong pipeline, or the wrong files. */
    public boolean isRejectedBeyond(double share) {
        return records >= ENOUGH_RECORDS && quarantined > records * share;
    }

    UnitCounts plus(UnitCounts other) {
        return new UnitCounts(
                lines + other.lines, records + other.records, stored + other.stored, quarantined + other.quarantined);
    }
}
