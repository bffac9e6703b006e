package dev.sluice.recovery.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit table.
 *
 * @param seq from 1, without gaps
 * @param at by the database's clock, in microseconds
 * @param actor the database session's user
 * @param osUser the operating system's user, as the program reports it; {@code NAME@console} for a user of the console
 * @param action what happened: {@code unmask} and {@code unmask-result}, {@code denied}, {@code request}, {@code approve},
 *     {@code fetch}, {@code find}, {@code export}, {@code inspect}, {@code erase}, {@code policy}, and pairs of {@code -begin} and {@code
 *     -end} for {@code rewrap}, {@code replay} and {@code retain}
 * @param reason a {@link RecoveryReason}'s name; null where there is none
 * @param ticket null where there is none
 * @param pipeline the pipeline's name
 * @param valueCount masked values that were requested
 * @param details a JSON object
 * @param previousHash of the previous entry, zeros for the first; 64 lower-case hex digits
 * @param hash of this entry; 64 lower-case hex digits
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
