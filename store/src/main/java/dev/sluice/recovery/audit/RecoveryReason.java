package dev.sluice.recovery.audit;

/** Why values are recovered: a closed set, so that audit entries can be counted by it. */
public enum RecoveryReason {
    /** An investigation of fraud or abuse. */
    FRAUD_INVESTIGATION,
    /** A data subject's own request (GDPR, article 15). */
    DSAR,
    /** A request with a legal obligation to respond. */
    LEGAL_REQUEST,
    /** A security or operations incident. */
    INCIDENT
}
