package dev.sluice.recovery.audit;

/** Why somebody may recover values: a closed set, so that the audit can be counted by it. */
public enum RecoveryReason {
    /** An investigation of fraud or abuse. */
    FRAUD_INVESTIGATION,
    /** A data subject's own request (GDPR, article 15). */
    DSAR,
    /** A request that the law obliges to answer. */
    LEGAL_REQUEST,
    /** An incident: security or operation. */
    INCIDENT
}
