package dev.sluice.recovery.audit;

import dev.sluice.encoding.Labelled;

/** What an entry of the audit tells of: a closed set, in the table by its {@link #label}. */
public enum AuditAction implements Labelled {
    /** Values were asked for; written before any is opened. */
    UNMASK,
    /** What became of them: how many were opened, which were refused and why. */
    UNMASK_RESULT,
    /** Asked and not granted: too many at once, or too many a day. */
    DENIED,
    /** Values were asked for that somebody else must approve. */
    REQUEST,
    /** Somebody else approved a request. */
    APPROVE,
    /** An approved request was taken up. */
    FETCH,
    /** A clear value was looked up, which confirms or refutes a guess. */
    FIND,
    /** The owner changed what may be recovered without approval, or in a day. */
    POLICY,
    /** Rows are being brought under other keys. */
    REWRAP_BEGIN,
    /** What came of it: all rows are, or it was stopped, and how many are left. */
    REWRAP_END,
    /** Quarantined originals are about to be opened and mapped again. */
    REPLAY_BEGIN,
    /** What came of it. */
    REPLAY_END,
    /** A quarantined original is about to be opened, to show its shape. */
    INSPECT,
    /** A subject's rows were deleted. */
    ERASE,
    /** Rows past their time are being deleted. */
    RETAIN_BEGIN,
    /** They are. */
    RETAIN_END
}
