package dev.sluice.bulk;

/**
 * What became of a unit.
 *
 * @param counts of this call; all zero unless it loaded the unit
 */
public record UnitResult(State state, UnitCounts counts) {

    static final UnitResult ELSEWHERE = new UnitResult(State.ELSEWHERE, UnitCounts.NONE);
    static final UnitResult BUSY = new UnitResult(State.BUSY, UnitCounts.NONE);

    static UnitResult loaded(UnitCounts counts) {
        return new UnitResult(State.LOADED, counts);
    }

    /** Who has loaded it. */
    public enum State {
        /** This call. */
        LOADED,
        /** Another call, now or before. */
        ELSEWHERE,
        /** Another session, which has not committed yet. */
        BUSY
    }
}
