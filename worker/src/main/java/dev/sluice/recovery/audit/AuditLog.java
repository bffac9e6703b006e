package dev.sluice.recovery.audit;

import dev.sluice.postgres.Database;
import java.sql.Connection;
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
 * The audit table. Whoever recovers something appends first, in a transaction that is committed before anything is opened;
 * what cannot be audited is not done. Thread-safe.
 *
 * <p>Each new head is logged, so that a log that is kept elsewhere anchors it.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private static final String APPEND = "append to the audit";
    private static final String READ = "read the audit";

    private static final String COLUMNS =
            "seq, at, actor, os_user, action, reason, ticket, pipeline, value_count, details," + " previous_hash, hash";

    /** Entries read at a time while verifying: some hundred bytes each, thousands of tokens at the worst. */
    private static final int FETCH = 500;

    private final Database database;

    public AuditLog(Database database) {
        this.database = database;
    }

    /**
     * Appends in a transaction of its own. Blocks until it is committed.
     *
     * @return the new head
     * @throws dev.sluice.pipeline.InfrastructureException when nothing was appended, or that is unknown; the caller then
     *     does not do what it was going to do
     */
    public Head append(Entry entry) {
        Head head = database.transact(APPEND, connection -> append(connection, entry));
        announce(head);
        return head;
    }

    /**
     * Appends within a transaction of the caller's, which holds back all other appends until it ends: keep it short. The
     * caller tells {@link #announce} of the head once it is committed.
     *
     * @throws SQLException when nothing was appended; the caller lets it out
     */
    public static Head append(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT seq, hash FROM sluice.audit_append(?, ?, ?, ?, ?, ?, ?)")) {
            statement.setString(1, entry.action().label());
            statement.setString(2, osUser());
            statement.setString(
                    3, entry.reason() == null ? null : entry.reason().name());
            statement.setString(4, entry.ticket());
            statement.setString(5, entry.pipeline());
            statement.setInt(6, entry.valueCount());
            statement.setString(7, entry.details().json());
            ResultSet appended = statement.executeQuery();
            appended.next();
            return new Head(appended.getLong(1), HexFormat.of().formatHex(appended.getBytes(2)));
        }
    }

    /** The operating system's user, a hint for an entry; the actor is the database's to tell. */
    public static String osUser() {
        return System.getProperty("user.name", "unknown");
    }

    /** Logs a committed head. */
    public static void announce(Head head) {
        LOG.info("Audit head {}.", head);
    }

    /** The newest entry; empty when there is none. */
    public Optional<Head> head() {
        return list(1).stream().findFirst().map(Recorded::head);
    }

    /**
     * The newest entries, newest first.
     *
     * @param limit at most so many, at least 0
     * @throws dev.sluice.pipeline.InfrastructureException when they cannot be read
     */
    public List<Recorded> list(int limit) {
        return database.transact(READ, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT " + COLUMNS + " FROM sluice.audit ORDER BY seq DESC LIMIT ?")) {
                statement.setInt(1, limit);
                ResultSet found = statement.executeQuery();
                List<Recorded> entries = new ArrayList<>();
                while (found.next()) {
                    entries.add(recorded(found));
                }
                return entries;
            }
        });
    }

    /**
     * Reads the whole audit and computes every hash again.
     *
     * @param anchor a head that was kept outside the database; null proves nothing of the newest entries
     * @throws dev.sluice.pipeline.InfrastructureException when it cannot be read
     */
    public Verification verify(@Nullable Head anchor) {
        return database.transact(READ, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT " + COLUMNS + " FROM sluice.audit ORDER BY seq")) {
                statement.setFetchSize(FETCH);
                ResultSet found = statement.executeQuery();
                Chain chain = new Chain(anchor);
                while (found.next()) {
                    chain.add(recorded(found));
                }
                return chain.result();
            }
        });
    }

    private static Recorded recorded(ResultSet found) throws SQLException {
        return new Recorded(
                found.getLong(1),
                found.getObject(2, OffsetDateTime.class).toInstant(),
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
