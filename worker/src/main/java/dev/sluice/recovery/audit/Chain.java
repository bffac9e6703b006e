package dev.sluice.recovery.audit;

import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Holds the entries of the audit against each other, in their order. The same hashes as the database's function
 * {@code sluice.audit_append} makes, computed apart from it. Used once, by one thread.
 */
final class Chain {

    static final String ZEROS = "0".repeat(64);

    private final @Nullable Head anchor;
    private String previous = ZEROS;
    private long seq;
    private @Nullable Broken broken;

    /** @param anchor a head that was kept elsewhere; null for none */
    Chain(@Nullable Head anchor) {
        this.anchor = anchor;
    }

    /** Takes the next entry. After the first fault it only counts no more. */
    void add(Recorded entry) {
        if (broken != null) {
            return;
        }
        seq++;
        Fault fault = fault(entry);
        if (fault != null) {
            broken = new Broken(seq, fault);
        }
        previous = entry.hash();
    }

    private @Nullable Fault fault(Recorded entry) {
        if (entry.seq() != seq) {
            return Fault.MISSING;
        }
        if (!entry.hash().equals(hash(entry))) {
            return Fault.CONTENT;
        }
        if (!entry.previousHash().equals(previous)) {
            return Fault.LINK;
        }
        return anchor != null && anchor.seq() == seq && !anchor.hash().equals(entry.hash()) ? Fault.ANCHOR : null;
    }

    /** What was proved, all entries having been added. */
    Verification result() {
        if (broken != null) {
            return broken;
        }
        return anchor != null && anchor.seq() > seq ? new Broken(seq + 1, Fault.MISSING) : new Intact(seq);
    }

    /** SHA-256 over the previous hash and the canonical entry, 64 lower-case hex digits. */
    static String hash(Recorded entry) {
        MessageDigest sha256 = sha256();
        sha256.update(HexFormat.of().parseHex(entry.previousHash()));
        sha256.update(canonical(entry).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static String canonical(Recorded entry) {
        return netstring(Long.toString(entry.seq()))
                + netstring(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at())))
                + netstring(entry.actor())
                + netstring(entry.osUser())
                + netstring(entry.action())
                + netstring(entry.reason())
                + netstring(entry.ticket())
                + netstring(entry.pipeline())
                + netstring(Integer.toString(entry.valueCount()))
                + netstring(entry.details());
    }

    /** Length in bytes of UTF-8, colon, text, comma (D. J. Bernstein, 1997); {@code ~,} for null. */
    private static String netstring(@Nullable String part) {
        return part == null ? "~," : part.getBytes(StandardCharsets.UTF_8).length + ":" + part + ",";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256");
        }
    }
}
