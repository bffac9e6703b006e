package dev.sluice.recovery.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest entry of the audit. Kept outside the database, it proves whether entries were removed from the end, which the
 * hash chain itself cannot show.
 *
 * @param seq the entry's number, from 1
 * @param hash its hash, 64 lower-case hex digits
 */
public record AuditHead(long seq, String hash) {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-fA-F]{64})");

    /** Reads {@code <seq>:<hash>}, as {@link #toString} writes it; empty when the text has another form. */
    public static Optional<AuditHead> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new AuditHead(
                        Long.parseLong(matcher.group(1)), matcher.group(2).toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** Reads columns {@code seq} and {@code hash} of a row. */
    public static AuditHead of(ResultSet row) throws SQLException {
        return new AuditHead(row.getLong("seq"), HexFormat.of().formatHex(row.getBytes("hash")));
    }

    /** {@code <seq>:<hash>}. */
    @Override
    public String toString() {
        return seq + ":" + hash;
    }
}
