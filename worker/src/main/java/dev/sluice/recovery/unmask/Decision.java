package dev.sluice.recovery.unmask;

import dev.sluice.recovery.audit.Head;

/** What the database decided; either way it is committed to the audit. */
public sealed interface Decision {

    /** The audit's entry of it. */
    Head head();

    /** Yes. */
    record Granted(Head head) implements Decision {}

    /**
     * No.
     *
     * @param why the reason
     * @param bound the policy's figure that was reached; 0 where the reason has none
     */
    record Denied(Head head, Denial why, long bound) implements Decision {

        /** In words, for the actor. */
        public String explanation() {
            return why.explanation(bound);
        }
    }
}
