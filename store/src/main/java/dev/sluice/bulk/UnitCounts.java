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

    static final UnitCounts NONE = new UnitCounts(0, 0, 0, 0);

    UnitCounts plus(UnitCounts other) {
        return new UnitCounts(
                lines + other.lines, records + other.records, stored + other.stored, quarantined + other.quarantined);
    }
}
