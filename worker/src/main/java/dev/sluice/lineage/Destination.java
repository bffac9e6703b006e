package dev.sluice.lineage;

import java.util.Optional;

/** Where events are reported. Called by one thread, which may be interrupted. */
interface Destination {

    /**
     * Delivers one event; blocks for seconds at most, and never throws for what it meets.
     *
     * @param event JSON on one line
     * @return why it was not delivered, in words that follow "was not reported to .."; empty if it was
     */
    Optional<String> deliver(String event);

    /** For people, without a secret. */
    String name();
}
