package dev.sluice.recovery.unmask;

import dev.sluice.recovery.audit.AuditHead;

/** What the database decided; either way it is committed to the audit. */
public sealed interface PolicyDecision {

    /** The audit's entry of it. */
    AuditHead head();

    /** Yes. */
    record Granted(AuditHead head) implements PolicyDecision {}

    /**
     * No.
     *
     * @param why the reason
     * @param bound the policy's figure that was reached; 0 where the reason has none
     */
    record Denied(AuditHead head, DenialReason why, long bound) implements PolicyDecision {

        /** In words, for the actor. */
        public String explanation() {
            return why.explanation(bound);
        }
    }
}
