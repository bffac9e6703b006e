package dev.sluice.recovery.unmask;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A request for values that somebody else must approve. Without the tokens, since an approver does not read them. Reason,
 * ticket, pipeline and columns come from the requester; the keys come from the tokens.
 *
 * @param id from 1
 * @param requester a database user
 * @param reason a {@link dev.sluice.recovery.audit.RecoveryReason}'s name
 * @param ticket the case
 * @param pipeline the pipeline's name
 * @param columns that the tokens belong to, according to the requester
 * @param keys how many tokens each key made, by the key's id as eight hex digits; determined by the database
 * @param values how many tokens
 * @param approver the only user who may approve; null for anybody else
 * @param requestedAt by the database's clock
 * @param expiresAt after that it can be neither approved nor fetched
 * @param approvedBy null until it is approved
 * @param stage how far it is
 */
public record RecoveryRequest(
        long id,
        String requester,
        String reason,
        String ticket,
        String pipeline,
        List<String> columns,
        SortedMap<String, Integer> keys,
        int values,
        @Nullable String approver,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String approvedBy,
        Stage stage) {

    /** How far a request is. */
    public enum Stage {
        /** Waits for its approver. */
        OPEN,
        /** Waits for its requester. */
        APPROVED,
        /** Done. */
        FETCHED,
        /** Neither approved nor fetched in time. */
        EXPIRED
    }
}
