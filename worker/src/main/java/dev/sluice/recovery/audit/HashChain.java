package dev.sluice.recovery.audit;

import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import org.jspecify.annotations.Nullable;

/** Holds the entries of the audit against each other, in their order. Used once, by one thread. */
final class HashChain {

    static final String ZEROS = "0".repeat(64);

    private final @Nullable AuditHead anchor;
    private String previous = ZEROS;
    private long seq;
    private @Nullable Broken broken;

    /** @param anchor a head that was kept elsewhere; null for none */
    HashChain(@Nullable AuditHead anchor) {
        this.anchor = anchor;
    }

    /** Whether a fault was found: what comes after it adds nothing. */
    boolean isBroken() {
        return broken != null;
    }

    /**
     * Takes the next entry.
     *
     * @param number as the entry says
     * @param previousHash as the entry says, in hex, as the next
     * @param hash as the entry says
     * @param computed what its content hashes to; null when nobody could have hashed it
     */
    void add(long number, String previousHash, String hash, @Nullable String computed) {
        seq++;
        Fault fault = fault(number, previousHash, hash, computed);
        if (fault != null) {
            broken = new Broken(seq, fault);
        }
        previous = hash;
    }

    private @Nullable Fault fault(long number, String previousHash, String hash, @Nullable String computed) {
        if (number != seq) {
            return Fault.MISSING;
        }
        if (!hash.equals(computed)) {
            return Fault.CONTENT;
        }
        if (!previousHash.equals(previous)) {
            return Fault.LINK;
        }
        return anchor != null && anchor.seq() == seq && !anchor.hash().equals(hash) ? Fault.ANCHOR : null;
    }

    /** What was proved, all entries having been added. */
    Verification result() {
        if (broken != null) {
            return broken;
        }
        return anchor != null && anchor.seq() > seq ? new Broken(seq + 1, Fault.MISSING) : new Intact(seq);
    }
}
