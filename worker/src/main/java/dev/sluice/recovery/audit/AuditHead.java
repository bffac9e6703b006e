package dev.sluice.recovery.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest entry of the audit: kept outside the database, it tells of entries that were taken from the end, which no
 * link within misses.
 *
 * @param seq the entry's number, from 1
 * @param hash its hash, 64 lower-case hex digits
 */
public record AuditHead(long seq, String hash) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-fA-F]{64})");

    /** Reads {@code <seq>:<hash>}, as {@link #toString} writes it; empty when the text is none. */
    public static Optional<AuditHead> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new AuditHead(
                        Long.parseLong(matcher.group(1)), matcher.group(2).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** {@code <seq>:<hash>}. */
    @Override
    public String toString() {
        return seq + ":" + hash;
    }
}
