package dev.sluice.recovery.audit;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.QuarantineReplay.Replayed;
import dev.sluice.postgres.db.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators enter in the audit, and whoever opens an original: one function of the database for each action, with parameters of its own that the
 * database checks. None of them can write that something was granted. Thread-safe.
 */
public final class OperatorAudit {

    /** The database takes no more fields, and no longer ones; an entry needs no more to tell what happened. */
    private static final int MAX_FIELDS = 100;

    private static final int MAX_FIELD_LENGTH = 1_000;

    private final Database database;
    private final PipelineSpec spec;

    /** @param spec names the pipeline and its table */
    public OperatorAudit(Database database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
    }

    /**
     * Enters that rows were erased, within the transaction that did it: neither is without the other. To be the last call
     * of that transaction, since nobody else appends until it ends.
     *
     * @param column that told whose the rows are
     * @param masked whether that column is: if so, the entry counts as a look-up of the day
     * @param nulled columns that were made NULL; empty when the rows were deleted
     * @param rows how many
     * @return the new head, to be {@linkplain AuditLog#announce announced} once it is committed
     * @throws SQLException when nothing was entered; the caller lets it out to {@link AuditedWork#transact}
     */
    public AuditHead erased(
            Connection connection, String ticket, String column, boolean masked, List<String> nulled, long rows)
            throws SQLException {
        try (PreparedStatement call =
                connection.prepareStatement("SELECT seq, hash FROM sluice.audit_erase(?, ?, ?, ?, ?, ?, ?, ?)")) {
            call.setString(1, AuditLog.osUser());
            call.setString(2, ticket);
            call.setString(3, spec.name());
            call.setString(4, spec.sink().qualifiedName());
            call.setString(5, column);
            call.setBoolean(6, masked);
            call.setArray(7, connection.createArrayOf("text", nulled.toArray()));
            call.setLong(8, rows);
            return head(call);
        }
    }

    /**
     * Enters that old rows are going to be deleted. Blocks until that is committed, here and below.
     *
     * @param before the first day whose rows stay
     * @throws dev.sluice.failure.InfrastructureException when nothing was entered, or that is unknown, here and below
     */
    public AuditHead retainBegins(String column, LocalDate before) {
        return append("sluice.audit_retain_begin(?, ?, ?, ?, ?)", call -> {
            call.setString(2, spec.name());
            call.setString(3, spec.sink().qualifiedName());
            call.setString(4, column);
            call.setObject(5, before);
        });
    }

    /**
     * Enters that they are.
     *
     * @param begun as {@link #retainBegins} gave it
     * @param undated rows that stay since they have no date
     */
    public AuditHead retainEnded(AuditHead begun, long rows, long partitions, long undated) {
        return append("sluice.audit_retain_end(?, ?, ?, ?, ?)", call -> {
            call.setLong(2, begun.seq());
            call.setLong(3, rows);
            call.setLong(4, partitions);
            call.setLong(5, undated);
        });
    }

    /**
     * Enters that values are going to be brought under other keys.
     *
     * @param hashColumns columns whose plain hashes become tokens; empty for a change of keys
     * @param goals fields, each with a colon and the id of the key that it comes under; empty for hashes
     */
    public AuditHead rewrapBegins(List<String> hashColumns, List<String> goals) {
        return append("sluice.audit_rewrap_begin(?, ?, ?, ?)", call -> {
            call.setString(2, spec.name());
            call.setArray(3, call.getConnection().createArrayOf("text", hashColumns.toArray()));
            call.setArray(4, call.getConnection().createArrayOf("text", goals.toArray()));
        });
    }

    /** Enters what came of it. */
    public AuditHead rewrapEnded(AuditHead begun, Rewrapped rewrapped) {
        return append("sluice.audit_rewrap_end(?, ?, ?, ?, ?, ?, ?, ?, ?)", call -> {
            List<Left> left = rewrapped.left();
            call.setLong(2, begun.seq());
            call.setLong(3, rewrapped.rows());
            call.setLong(4, rewrapped.originals());
            call.setLong(5, rewrapped.passes());
            call.setObject(6, rewrapped.remaining(), java.sql.Types.BIGINT);
            Connection connection = call.getConnection();
            call.setArray(
                    7,
                    connection.createArrayOf(
                            "text", left.stream().map(Left::column).toArray()));
            call.setArray(
                    8,
                    connection.createArrayOf(
                            "text", left.stream().map(Left::why).toArray()));
            call.setArray(
                    9,
                    connection.createArrayOf(
                            "bigint", left.stream().map(Left::values).toArray()));
        });
    }

    /**
     * Enters that quarantined originals are going to be opened and mapped again.
     *
     * @param entries how many, at least 1
     * @param exposed JSON pointers of fields that were not stored and are going to be, as they are
     */
    public AuditHead replayBegins(String ticket, long entries, List<String> exposed) {
        return append("sluice.audit_replay_begin(?, ?, ?, ?, ?, ?)", call -> {
            putVersion(call, ticket);
            call.setLong(5, entries);
            call.setArray(6, fields(call, exposed));
        });
    }

    /** Enters what came of it. */
    public AuditHead replayEnded(AuditHead begun, Replayed sum) {
        return append("sluice.audit_replay_end(?, ?, ?, ?, ?, ?, ?)", call -> {
            call.setLong(2, begun.seq());
            call.setLong(3, sum.entries());
            call.setLong(4, sum.stored());
            call.setLong(5, sum.duplicates());
            call.setLong(6, sum.rejected());
            call.setLong(7, sum.unopened());
        });
    }

    /**
     * Enters that a replay was refused.
     *
     * @param weakened JSON pointers of fields that would have been stored with less protection
     */
    public AuditHead replayRefused(String ticket, List<String> weakened) {
        return append("sluice.audit_replay_refused(?, ?, ?, ?, ?)", call -> {
            putVersion(call, ticket);
            call.setArray(5, fields(call, weakened));
        });
    }

    /**
     * Enters that one original is going to be opened, to show its shape.
     *
     * @param entry the quarantined record's id
     */
    public AuditHead inspects(String ticket, long entry) {
        return append("sluice.audit_inspect(?, ?, ?, ?, ?)", call -> {
            putVersion(call, ticket);
            call.setLong(5, entry);
        });
    }

    private void putVersion(PreparedStatement call, String ticket) throws SQLException {
        call.setString(2, ticket);
        call.setString(3, spec.name());
        call.setString(4, spec.version());
    }

    private static Array fields(PreparedStatement call, List<String> pointers) throws SQLException {
        return call.getConnection()
                .createArrayOf(
                        "text",
                        pointers.stream()
                                .limit(MAX_FIELDS)
                                .map(field -> field.substring(0, Math.min(field.length(), MAX_FIELD_LENGTH)))
                                .toArray());
    }

    /**
     * What a rewrap did.
     *
     * @param rows written anew
     * @param originals sealed anew
     * @param passes over the table
     * @param remaining rows still to do when it was stopped; null when it was completed
     * @param left values that stay as they are
     */
    public record Rewrapped(long rows, long originals, int passes, @Nullable Long remaining, List<Left> left) {

        /** Copies the list. */
        public Rewrapped {
            left = List.copyOf(left);
        }
    }

    /**
     * Values of one column that stay for one reason.
     *
     * @param why small letters, digits, spaces and {@code , . / -}
     */
    public record Left(String column, String why, long values) {}

    private AuditHead append(String function, Parameters parameters) {
        AuditHead head = AuditedWork.transact(database, "append to the audit", connection -> {
            try (PreparedStatement call = connection.prepareStatement("SELECT seq, hash FROM " + function)) {
                call.setString(1, AuditLog.osUser());
                parameters.set(call);
                return head(call);
            }
        });
        AuditLog.announce(head);
        return head;
    }

    private static AuditHead head(PreparedStatement call) throws SQLException {
        ResultSet appended = call.executeQuery();
        appended.next();
        return new AuditHead(appended.getLong(1), HexFormat.of().formatHex(appended.getBytes(2)));
    }

    /** All but the first, which is the operating system's user. */
    private interface Parameters {
        void set(PreparedStatement call) throws SQLException;
    }
}
