package dev.sluice.mapping;

/** The result of mapping one record: a masked row, or the reason why there is none. Never an exception. */
public sealed interface Outcome permits Row, Rejection {

    /** The record as it was received, readable only in sealed form. */
    Original original();
}
