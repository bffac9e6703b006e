package dev.sluice.mapping;

/** What the mapper makes of one record: a masked row, or the reason why there is none. Never an exception. */
public sealed interface Outcome permits Row, Rejection {

    /** The record as it was received, which nobody can read but in sealed form. */
    Original original();
}
