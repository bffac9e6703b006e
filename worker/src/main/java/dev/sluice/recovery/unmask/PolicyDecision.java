package dev.sluice.recovery.unmask;

import dev.sluice.recovery.audit.AuditHead;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The database's decision; granted or not, it is committed to the audit. */
public sealed interface PolicyDecision {

    /** The audit entry of the decision. */
    AuditHead head();

    /** Reads columns {@code denied, bound, seq, hash}. */
    static PolicyDecision of(ResultSet row) throws SQLException {
        String denied = row.getString("denied");
        AuditHead head = AuditHead.of(row);
        return denied == null
                ? new Granted(head)
                : new Denied(head, DenialReason.valueOf(denied), row.getLong("bound"));
    }

    /** The actor may do it. */
    record Granted(AuditHead head) implements PolicyDecision {}

    /**
     * The actor may not do it, and nothing was done.
     *
     * @param why the reason
     * @param bound the policy's limit that was reached; 0 where the reason has none
     */
    record Denied(AuditHead head, DenialReason why, long bound)
            implements PolicyDecision, UnmaskOutcome, RecoveryRequests.Submission, ValueLookup.Found {

        /** In words, for the actor. */
        public String explanation() {
            return why.explanation(bound);
        }
    }
}
