package dev.sluice.recovery.unmask;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Values that somebody asked for and somebody else must approve. Without the tokens: nobody who decides reads them.
 * Reason, ticket, pipeline and columns are what the requester says; the keys are what the tokens say.
 *
 * @param id from 1
 * @param requester who asked: a database user
 * @param reason a {@link dev.sluice.recovery.audit.RecoveryReason}'s name
 * @param ticket the case
 * @param pipeline the pipeline's name
 * @param columns of which the tokens are said to be
 * @param keys how many of the tokens each key made, by its id as eight hex digits, in their order; found by the database
 * @param values how many tokens
 * @param approver who alone may approve; null for anybody else
 * @param requestedAt the server's time
 * @param expiresAt from then on it can be neither approved nor fetched
 * @param approvedBy null while nobody has
 * @param state in one word
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
        State state) {

    /** How far a request is. */
    public enum State {
        /** Waits for its approver. */
        OPEN,
        /** Waits for its requester. */
        APPROVED,
        /** Done. */
        FETCHED,
        /** Came to nothing. */
        EXPIRED
    }
}
