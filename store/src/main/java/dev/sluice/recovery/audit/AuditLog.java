package dev.sluice.recovery.audit;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit table. An entry is committed before anything is recovered; what cannot be audited is not done. Each new head is
 * logged, so that a log kept elsewhere anchors it. Thread-safe.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final String READ = "read the audit";

    /** In bytes. Older versions had no limit for a text; a longer one is shown truncated. */
    private static final int LONGEST_SHOWN = 65_536;

    /** Of entries of 64 KiB, 6 MiB. */
    private static final int PAGE = 100;

    private static final String COLUMNS = "seq, at, " + shown("actor") + shown("os_user") + shown("action")
            + shown("reason") + shown("ticket") + shown("pipeline") + "value_count, " + shown("details")
            + "previous_hash, hash";

    /** The SQLSTATEs that sluice's own functions raise; see migration V14. */
    private static final String CALLS_EXHAUSTED = "SL001";

    private static final String VALUES_EXHAUSTED = "SL002";

    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /** Logs a committed head. */
    public static void announce(AuditHead head) {
        LOG.info("Audit head {}.", head);
    }

    /**
     * Calls a function of schema {@code sluice} that appends to the audit, in a {@linkplain #transact transaction}.
     *
     * @param columns of its result
     * @param parameters all but the first, which is the operating system's user
     * @throws InfrastructureException as {@link #transact}
     */
    public static <T> T call(
            Database database,
            String action,
            String columns,
            String function,
            Query.RowMapper<T> mapper,
            @Nullable Object... parameters) {
        return transact(database, action, connection -> query(connection, columns, function, parameters)
                .one(mapper));
    }

    /** The same call within the caller's transaction. */
    static Query query(Connection connection, String columns, String function, @Nullable Object... parameters) {
        return queryAs(System.getProperty("user.name", "unknown"), connection, columns, function, parameters);
    }

    /** The same with another user than the operating system's. */
    static Query queryAs(
            String user, Connection connection, String columns, String function, @Nullable Object... parameters) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(user);
        all.addAll(Arrays.asList(parameters));
        String sql = "SELECT " + columns + " FROM sluice." + function + "(?" + ", ?".repeat(parameters.length) + ")";
        return Query.of(connection, sql, all.toArray());
    }

    /**
     * Runs work that appends to the audit in one transaction, as {@link Database#transact}; the database allows one such
     * transaction at a time.
     *
     * @param action for messages, to continue "could not"
     * @throws InfrastructureException TRANSIENT when another session holds the audit, which the message names;
     *     NOT_PERMITTED when this login has no calls or look-ups left today; else as {@link Database#transact}
     */
    public static <T> T transact(Database database, String action, Database.Work<T> work) {
        return Mutex.AUDIT.transact(database, action, connection -> {
            try {
                return work.run(connection);
            } catch (SQLException e) {
                if (CALLS_EXHAUSTED.equals(e.getSQLState())) {
                    throw exhausted(action, "calls", "daily_calls");
                }
                if (VALUES_EXHAUSTED.equals(e.getSQLState())) {
                    throw exhausted(action, "look-ups", "daily_values");
                }
                throw e;
            }
        });
    }

    private static InfrastructureException exhausted(String action, String what, String column) {
        return new InfrastructureException(
                Kind.NOT_PERMITTED,
                "could not " + action + ": this login has made all the " + what
                        + " that the policy allows in a day (UTC);"
                        + " the database's owner may change sluice.recovery_policy." + column);
    }

    /** The newest entry; empty when there is none. */
    public Optional<AuditHead> head() {
        return page(Long.MAX_VALUE, 1).stream().findFirst().map(AuditEntry::head);
    }

    /**
     * The newest entries, newest first, read page by page: an entry may have 64 KiB.
     *
     * @param limit at most so many, at least 0
     * @param reader receives each, between two transactions
     * @throws InfrastructureException when they cannot be read
     */
    public void list(int limit, Consumer<? super AuditEntry> reader) {
        long last = Long.MAX_VALUE;
        for (int left = limit; left > 0; left -= PAGE) {
            List<AuditEntry> page = page(last, Math.min(left, PAGE));
            page.forEach(reader);
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1).seq() - 1;
        }
    }

    /**
     * The newest requests that were denied, newest first.
     *
     * @param within how many of the newest entries are looked at
     * @param limit at most so many, at least 0
     * @throws InfrastructureException when they cannot be read
     */
    public List<AuditEntry> refused(int within, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM sluice.audit WHERE seq > (SELECT max(seq) FROM sluice.audit) - ?"
                + " AND action = 'denied' ORDER BY seq DESC LIMIT ?";
        return database.transact(
                READ, connection -> Query.of(connection, sql, within, limit).list(AuditLog::entry));
    }

    private List<AuditEntry> page(long last, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM sluice.audit WHERE seq <= ? ORDER BY seq DESC LIMIT ?";
        return database.transact(
                READ, connection -> Query.of(connection, sql, last, limit).list(AuditLog::entry));
    }

    /**
     * Reads the whole audit and computes every hash again, in memory that does not grow with it.
     *
     * @param anchor a head that was kept outside the database; null proves nothing about the newest entries
     * @throws InfrastructureException when it cannot be read
     */
    public Verification verify(@Nullable AuditHead anchor) {
        return database.transact(READ, connection -> new AuditVerifier(connection, anchor).run());
    }

    private static String shown(String column) {
        return "CASE WHEN octet_length(%1$s) <= %2$d THEN %1$s ELSE left(%1$s, 1000) || '.. (' || octet_length(%1$s) || ' bytes)' END, "
                .formatted(column, LONGEST_SHOWN);
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong(1),
                Objects.requireNonNull(Query.instant(row, 2)), // Java's last instant for infinity
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getInt(9),
                row.getString(10),
                HexFormat.of().formatHex(row.getBytes(11)),
                HexFormat.of().formatHex(row.getBytes(12)));
    }
}
