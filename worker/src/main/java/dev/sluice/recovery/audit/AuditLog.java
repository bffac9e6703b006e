package dev.sluice.recovery.audit;

import dev.sluice.postgres.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit table as it is read. Whoever recovers something appends first, in a transaction that is committed before
 * anything is opened; what cannot be audited is not done. Thread-safe.
 *
 * <p>Each new head is logged, so that a log that is kept elsewhere anchors it.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final String READ = "read the audit";

    /** In bytes. Older versions let a text grow without limit; what is longer is cut, and says so. */
    private static final int LONGEST_SHOWN = 65_536;

    private static final String COLUMNS = "seq, at, " + shown("actor") + shown("os_user") + shown("action")
            + shown("reason") + shown("ticket") + shown("pipeline") + "value_count, " + shown("details")
            + "previous_hash, hash";

    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /** The operating system's user, a hint for an entry; the actor is the database's to tell. */
    public static String osUser() {
        return System.getProperty("user.name", "unknown");
    }

    /** Logs a committed head. */
    public static void announce(AuditHead head) {
        LOG.info("Audit head {}.", head);
    }

    /** The newest entry; empty when there is none. */
    public Optional<AuditHead> head() {
        return list(1).stream().findFirst().map(AuditEntry::head);
    }

    /**
     * The newest entries, newest first.
     *
     * @param limit at most so many, at least 0
     * @throws dev.sluice.failure.InfrastructureException when they cannot be read
     */
    public List<AuditEntry> list(int limit) {
        return database.transact(READ, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT " + COLUMNS + " FROM sluice.audit ORDER BY seq DESC LIMIT ?")) {
                statement.setInt(1, limit);
                ResultSet found = statement.executeQuery();
                List<AuditEntry> entries = new ArrayList<>();
                while (found.next()) {
                    entries.add(recorded(found));
                }
                return entries;
            }
        });
    }

    /**
     * Reads the whole audit and computes every hash again, in memory that does not grow with it.
     *
     * @param anchor a head that was kept outside the database; null proves nothing of the newest entries
     * @throws dev.sluice.failure.InfrastructureException when it cannot be read
     */
    public Verification verify(@Nullable AuditHead anchor) {
        return database.transact(READ, connection -> {
            HashChain chain = new HashChain(anchor);
            new AuditScan(connection).run(chain);
            return chain.result();
        });
    }

    private static String shown(String column) {
        return "CASE WHEN octet_length(%1$s) <= %2$d THEN %1$s ELSE left(%1$s, 1000) || '.. (' || octet_length(%1$s) || ' bytes)' END, "
                .formatted(column, LONGEST_SHOWN);
    }

    private static AuditEntry recorded(ResultSet found) throws SQLException {
        return new AuditEntry(
                found.getLong(1),
                found.getObject(2, OffsetDateTime.class).toInstant(), // of infinity Java's last one
                found.getString(3),
                found.getString(4),
                found.getString(5),
                found.getString(6),
                found.getString(7),
                found.getString(8),
                found.getInt(9),
                found.getString(10),
                HexFormat.of().formatHex(found.getBytes(11)),
                HexFormat.of().formatHex(found.getBytes(12)));
    }
}
