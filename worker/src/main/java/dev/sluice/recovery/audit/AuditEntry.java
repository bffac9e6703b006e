package dev.sluice.recovery.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in the table.
 *
 * @param seq from 1, without gaps
 * @param at the server's time, in microseconds
 * @param actor the database session's user
 * @param osUser the operating system's user, as the program said
 * @param action an {@link AuditAction}'s label
 * @param reason a {@link RecoveryReason}'s name; null where there is none
 * @param ticket null where there is none
 * @param pipeline the pipeline's name
 * @param valueCount how many masked values were asked for
 * @param details a JSON object
 * @param previousHash the previous entry's hash, zeros for the first; 64 lower-case hex digits
 * @param hash this entry's; 64 lower-case hex digits
 */
public record AuditEntry(
        long seq,
        Instant at,
        String actor,
        String osUser,
        String action,
        @Nullable String reason,
        @Nullable String ticket,
        String pipeline,
        int valueCount,
        String details,
        String previousHash,
        String hash) {

    /** Number and hash. */
    public AuditHead head() {
        return new AuditHead(seq, hash);
    }
}
