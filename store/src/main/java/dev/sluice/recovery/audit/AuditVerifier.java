package dev.sluice.recovery.audit;

import dev.sluice.postgres.db.Query;
import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole audit, computes every hash and compares each entry with the one before it. Memory depends neither on the
 * number of entries nor on their size: rows come a few at a time, and long texts in pieces. Older versions let a text grow to
 * PostgreSQL's limit of 1 GB. Used once, within one transaction.
 */
final class AuditVerifier {

    private static final String ZEROS = "0".repeat(64);

    /** Rows at a time: six short texts each, at most 12 MiB. */
    private static final int FETCH_SIZE = 500;

    /** In bytes. Most texts are far shorter. */
    private static final int SHORT = 4_096;

    /** In characters. PostgreSQL decompresses the whole text for each piece, so pieces are large. */
    private static final int PIECE = 4 << 20;

    /** In the order in which they are hashed, around {@code value_count}. */
    private static final List<String> TEXTS = List.of("actor", "os_user", "action", "reason", "ticket", "pipeline");

    private static final String DETAILS = "details";

    private final Connection connection;
    private final @Nullable AuditHead anchor;
    private String previous = ZEROS;
    private long seq;
    private @Nullable Fault fault;

    /** @param anchor a head that was kept elsewhere; null for none */
    AuditVerifier(Connection connection, @Nullable AuditHead anchor) {
        this.connection = connection;
        this.anchor = anchor;
    }

    /** Reads up to the first fault. */
    Verification run() throws SQLException {
        String texts = TEXTS.stream().map(AuditVerifier::text).collect(Collectors.joining());
        String sql = "SELECT seq, at, value_count, previous_hash, hash, ctid::text AS place" + texts + text(DETAILS)
                + " FROM sluice.audit ORDER BY seq";
        Query.of(connection, sql).forEachWhile(FETCH_SIZE, row -> {
            seq++;
            String hash = hex(row.getBytes("hash"));
            fault = fault(row, hash);
            previous = hash;
            return fault == null;
        });
        if (fault != null) {
            return new Broken(seq, fault);
        }
        return anchor != null && anchor.seq() > seq ? new Broken(seq + 1, Fault.MISSING) : new Intact(seq);
    }

    private @Nullable Fault fault(ResultSet row, String hash) throws SQLException {
        if (row.getLong("seq") != seq) {
            return Fault.MISSING;
        }
        if (!hash.equals(computedHash(row))) {
            return Fault.CONTENT;
        }
        if (!hex(row.getBytes("previous_hash")).equals(previous)) {
            return Fault.LINK;
        }
        return anchor != null && anchor.seq() == seq && !anchor.hash().equals(hash) ? Fault.ANCHOR : null;
    }

    /** The text if it is short, else its length. */
    private static String text(String column) {
        return ", CASE WHEN octet_length(%1$s) <= %2$d THEN %1$s END AS %1$s, CASE WHEN octet_length(%1$s) > %2$d"
                        .formatted(column, SHORT)
                + " THEN octet_length(convert_to(%1$s, 'UTF8')) END AS %1$s_bytes".formatted(column);
    }

    /** Null when no entry with this time, or without a previous hash, can have been hashed. */
    private @Nullable String computedHash(ResultSet row) throws SQLException {
        byte[] previousHash = row.getBytes("previous_hash");
        String micros = micros(row.getObject("at", OffsetDateTime.class));
        if (previousHash == null || micros == null) {
            return null;
        }
        EntryHash hash = new EntryHash(previousHash);
        hash.add(Long.toString(row.getLong("seq")));
        hash.add(micros);
        for (String column : TEXTS) {
            add(hash, row, column);
        }
        hash.add(row.getString("value_count"));
        add(hash, row, DETAILS);
        return hash.hex();
    }

    /** Since 1970; null for {@code infinity}, and for years whose number exceeds 64 bits. */
    private static @Nullable String micros(@Nullable OffsetDateTime at) {
        try {
            return at == null ? null : Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant()));
        } catch (ArithmeticException | DateTimeException impossible) {
            return null;
        }
    }

    private void add(EntryHash hash, ResultSet row, String column) throws SQLException {
        long bytes = row.getLong(column + "_bytes");
        if (row.wasNull()) {
            hash.add(row.getString(column));
            return;
        }
        hash.begin(bytes);
        int from = 1;
        for (String piece = piece(row, column, from); !piece.isEmpty(); piece = piece(row, column, from)) {
            hash.piece(piece);
            from += PIECE;
        }
        hash.end();
    }

    private String piece(ResultSet row, String column, int from) throws SQLException {
        String sql = "SELECT substr(" + column + ", ?, ?) FROM sluice.audit WHERE ctid = ?::tid";
        return Query.of(connection, sql, from, PIECE, row.getString("place"))
                .first(piece -> Optional.ofNullable(piece.getString(1)).orElse(""))
                .orElse("");
    }

    private static String hex(byte @Nullable [] hash) {
        return hash == null ? "" : HexFormat.of().formatHex(hash);
    }
}
