package dev.sluice.recovery.audit;

import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.table.Replayed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit entries of operators, and of anyone who opens an original: one database function per action, which checks its
 * parameters. None of them can write that something was granted. Thread-safe.
 */
public final class OperatorAudit {

    /** The database accepts no more fields and no longer ones; an entry needs no more. */
    private static final int MAX_FIELDS = 100;

    private static final int MAX_FIELD_LENGTH = 1_000;

    private final Database database;
    private final PipelineSpec spec;
    private final String user;

    /** @param spec names the pipeline and its table */
    public OperatorAudit(Database database, PipelineSpec spec) {
        this(database, spec, System.getProperty("user.name", "unknown"));
    }

    /**
     * For a program that acts for others.
     *
     * @param spec as above
     * @param user who asked, as the program reports it beside its own login: up to 64 letters, digits, spaces and any of
     *     {@code ._@+$\-}; of another form, the database writes that instead
     */
    public OperatorAudit(Database database, PipelineSpec spec, String user) {
        this.database = database;
        this.spec = spec;
        this.user = user;
    }

    /**
     * Records that rows were erased, within the transaction that erases them. Must be the last call of that transaction,
     * since no other session can append until it ends.
     *
     * @param column that identifies the subject
     * @param masked whether that column is: if so, the entry counts as a look-up of the day
     * @param nulled columns that were set to NULL; empty when the rows were deleted
     * @param rows how many
     * @return the new head, to be {@linkplain AuditLog#announce announced} once it is committed
     * @throws SQLException when nothing was recorded; the caller lets it through to {@link AuditLog#transact}
     */
    public AuditHead erased(
            Connection connection, String ticket, String column, boolean masked, List<String> nulled, long rows)
            throws SQLException {
        return AuditLog.queryAs(
                        user,
                        connection,
                        "seq, hash",
                        "audit_erase",
                        ticket,
                        spec.name(),
                        spec.sink().qualifiedName(),
                        column,
                        masked,
                        Query.texts(nulled),
                        rows)
                .one(AuditHead::of);
    }

    /**
     * Records that old rows will be deleted. Blocks until that is committed, here and below.
     *
     * @param before the first day whose rows stay
     * @throws dev.sluice.failure.InfrastructureException when nothing was recorded, or that is unknown, here and below
     */
    public AuditHead retainBegins(String column, LocalDate before) {
        return append("audit_retain_begin", spec.name(), spec.sink().qualifiedName(), column, before);
    }

    /**
     * Records that they are deleted.
     *
     * @param begun as {@link #retainBegins} returned it
     * @param undated rows that stay because they have no date
     */
    public AuditHead retainEnded(AuditHead begun, long rows, long partitions, long undated) {
        return append("audit_retain_end", begun.seq(), rows, partitions, undated);
    }

    /**
     * Records that values will be rewrapped.
     *
     * @param hashColumns columns whose plain hashes become tokens; empty for a change of keys
     * @param goals fields, each with a colon and the id of its new key; empty for hashes
     */
    public AuditHead rewrapBegins(List<String> hashColumns, List<String> goals) {
        return append("audit_rewrap_begin", spec.name(), Query.texts(hashColumns), Query.texts(goals));
    }

    /** Records the result of a rewrap. */
    public AuditHead rewrapEnded(AuditHead begun, Rewrapped rewrapped) {
        List<UnchangedValues> unchanged = rewrapped.unchanged();
        return append(
                "audit_rewrap_end",
                begun.seq(),
                rewrapped.rows(),
                rewrapped.originals(),
                (long) rewrapped.passes(),
                rewrapped.remaining(),
                Query.texts(unchanged.stream().map(UnchangedValues::column).toList()),
                Query.texts(unchanged.stream().map(UnchangedValues::why).toList()),
                Query.array(
                        "bigint",
                        unchanged.stream().map(UnchangedValues::values).toArray()));
    }

    /**
     * Records that quarantined originals will be opened and mapped again.
     *
     * @param entries how many, at least 1
     * @param exposed JSON pointers of fields that were not stored and will be, unmasked
     */
    public AuditHead replayBegins(String ticket, long entries, List<String> exposed) {
        return append("audit_replay_begin", ticket, spec.name(), spec.version(), entries, fields(exposed));
    }

    /** Records the result of a replay. */
    public AuditHead replayEnded(AuditHead begun, Replayed sum) {
        return append(
                "audit_replay_end",
                begun.seq(),
                sum.entries(),
                sum.stored(),
                sum.duplicates(),
                sum.rejected(),
                sum.unopened());
    }

    /**
     * Records that a replay was refused.
     *
     * @param weakened JSON pointers of fields that would have been stored with less protection
     */
    public AuditHead replayRefused(String ticket, List<String> weakened) {
        return append("audit_replay_refused", ticket, spec.name(), spec.version(), fields(weakened));
    }

    /**
     * Records that an original will be opened to show its shape.
     *
     * @param entry the quarantined record's id
     */
    public AuditHead inspects(String ticket, long entry) {
        return append("audit_inspect", ticket, spec.name(), spec.version(), entry);
    }

    private static Query.Parameter fields(List<String> pointers) {
        return Query.texts(pointers.stream()
                .limit(MAX_FIELDS)
                .map(field -> field.substring(0, Math.min(field.length(), MAX_FIELD_LENGTH)))
                .toList());
    }

    private AuditHead append(String function, @Nullable Object... parameters) {
        AuditHead head = AuditLog.transact(database, "append to the audit", connection -> AuditLog.queryAs(
                        user, connection, "seq, hash", function, parameters)
                .one(AuditHead::of));
        AuditLog.announce(head);
        return head;
    }
}
