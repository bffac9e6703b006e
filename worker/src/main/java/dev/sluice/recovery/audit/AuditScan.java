package dev.sluice.recovery.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole audit and computes every hash, in memory that depends neither on how many entries there are nor on how
 * large they are: rows come a few at a time, and of a text that is not short only its length, then pieces. Older versions
 * let a text grow to what PostgreSQL takes, 1 GB. Used once, within one transaction.
 */
final class AuditScan {

    /** Rows at a time: six short texts each, 12 MiB at the worst. */
    private static final int ROWS = 500;

    /** In bytes. Most texts are far shorter. */
    private static final int SHORT = 4_096;

    /** In characters. PostgreSQL unpacks the whole text for each piece, so not too small. */
    private static final int PIECE = 4 << 20;

    /** In the order in which they are hashed, around {@code value_count}. */
    private static final List<String> TEXTS = List.of("actor", "os_user", "action", "reason", "ticket", "pipeline");

    private static final String DETAILS = "details";

    private final Connection connection;

    AuditScan(Connection connection) {
        this.connection = connection;
    }

    /** Gives the chain every entry, up to the first fault. */
    void run(HashChain chain) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question())) {
            statement.setFetchSize(ROWS);
            ResultSet found = statement.executeQuery();
            while (!chain.isBroken() && found.next()) {
                chain.add(
                        found.getLong("seq"),
                        hex(found.getBytes("previous_hash")),
                        hex(found.getBytes("hash")),
                        hash(found));
            }
        }
    }

    private static String question() {
        String texts = TEXTS.stream().map(AuditScan::text).collect(Collectors.joining());
        return "SELECT seq, at, value_count, previous_hash, hash, ctid::text AS place" + texts + text(DETAILS)
                + " FROM sluice.audit ORDER BY seq";
    }

    /** The text if it is short, else its length. */
    private static String text(String column) {
        return ", CASE WHEN octet_length(%1$s) <= %2$d THEN %1$s END AS %1$s, CASE WHEN octet_length(%1$s) > %2$d"
                        .formatted(column, SHORT)
                + " THEN octet_length(convert_to(%1$s, 'UTF8')) END AS %1$s_bytes".formatted(column);
    }

    /** Null when no such entry can have been hashed: its time is none, or its hash before is none. */
    private @Nullable String hash(ResultSet row) throws SQLException {
        byte[] previous = row.getBytes("previous_hash");
        String micros = micros(row.getObject("at", OffsetDateTime.class));
        if (previous == null || micros == null) {
            return null;
        }
        EntryHash hash = new EntryHash(previous);
        hash.add(Long.toString(row.getLong("seq")));
        hash.add(micros);
        for (String column : TEXTS) {
            add(hash, row, column);
        }
        hash.add(row.getString("value_count"));
        add(hash, row, DETAILS);
        return hash.hex();
    }

    /** Since 1970; null for {@code infinity}, and for years that have no such number in 64 bits. */
    static @Nullable String micros(@Nullable OffsetDateTime at) {
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
        try (PreparedStatement piece = connection.prepareStatement(
                "SELECT substr(" + column + ", ?, ?) FROM sluice.audit WHERE ctid = ?::tid")) {
            piece.setInt(2, PIECE);
            piece.setString(3, row.getString("place"));
            int from = 1;
            for (String text = next(piece, from); !text.isEmpty(); text = next(piece, from)) {
                hash.piece(text);
                from += PIECE;
            }
        }
        hash.end();
    }

    private static String next(PreparedStatement piece, int from) throws SQLException {
        piece.setInt(1, from);
        try (ResultSet found = piece.executeQuery()) {
            String text = found.next() ? found.getString(1) : null;
            return text == null ? "" : text;
        }
    }

    private static String hex(byte @Nullable [] hash) {
        return hash == null ? "" : HexFormat.of().formatHex(hash);
    }
}
