package dev.sluice.postgres;

import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Remapper;
import dev.sluice.postgres.db.BatchFailedException;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.db.Transactions;
import dev.sluice.postgres.table.Blame;
import dev.sluice.postgres.table.Replayed;
import dev.sluice.postgres.table.RowCopy;
import dev.sluice.postgres.table.RowWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Maps quarantined records again and stores those that fit now. Each transaction writes rows and deletes their entries
 * together, and claims keys that no entry has claimed, so that no record makes a second row, however often this is called,
 * killed, or run beside workers. Thread-safe.
 */
public final class QuarantineReplay {

    private static final String ACTION = "replay the quarantine";

    /** Entries of one transaction. */
    private static final int BATCH_ENTRIES = 100;

    private final Database database;
    private final PipelineSpec spec;
    private final Remapper remapper;
    private final Ledger ledger;
    private final QuarantineTable quarantine;

    /**
     * @param spec only its own entries are replayed: an original is bound to its pipeline
     * @param remapper compiled from {@code spec}
     */
    public QuarantineReplay(Database database, PipelineSpec spec, Remapper remapper) {
        this.database = database;
        this.spec = database.located(spec);
        this.remapper = remapper;
        this.ledger = Ledger.of(spec, Duration.ZERO); // only claims; the workers maintain it
        this.quarantine = new QuarantineTable(spec);
    }

    /**
     * What there is to replay now; opens nothing.
     *
     * @throws InfrastructureException CONFIG when the schema or the table does not fit, NOT_PERMITTED when a grant is
     *     missing, TRANSIENT when the database is unavailable
     */
    public ReplayPlan plan(ReplaySelection selection) {
        return database.transact(
                ACTION, connection -> quarantine.plan(connection, selection, RowCopy.checked(connection, spec)));
    }

    /**
     * Replays what was planned. Blocks until done; what is committed when it throws stays committed. An original that cannot
     * be unsealed stays where it is and does not affect the others.
     *
     * @param protections for each of the plan's sealings the {@link dev.sluice.mapping.FieldProtection#text} under which it
     *     took place; entries of any other sealing are skipped
     * @throws InfrastructureException as {@link #plan}
     */
    public Replayed replay(ReplayPlan plan, Map<Sealing, String> protections, Listener listener) {
        Replayed sum = Replayed.NONE;
        long after = 0;
        while (after < plan.last()) {
            Step step = step(plan, protections, after);
            sum = sum.plus(step.done);
            after = step.last;
            FailPoint.AFTER_COMMIT.pass();
            step.unopened.forEach(listener::unopened);
            listener.progressed(sum);
        }
        return sum;
    }

    private Step step(ReplayPlan plan, Map<Sealing, String> protections, long after) {
        Transactions transactions = new Transactions(database);
        try {
            return transactions.store(
                    ACTION, connection -> step(connection, plan, protections, after, RowWriter.whole(plan.rowCopy())));
        } catch (BatchFailedException e) {
            if (!e.isRejection()) {
                throw e.failure();
            }
            RowWriter isolating = RowWriter.isolating(spec, new Blame(null));
            return transactions.transactQualified(
                    ACTION, connection -> step(connection, plan, protections, after, isolating));
        }
    }

    private Step step(
            Connection connection, ReplayPlan plan, Map<Sealing, String> protections, long after, RowWriter rowWriter)
            throws SQLException {
        SearchPath.fix(connection);
        List<SealedQuarantineEntry> entries = quarantine.lock(connection, plan, after, BATCH_ENTRIES);
        if (entries.isEmpty()) {
            return new Step(Replayed.NONE, plan.last(), List.of());
        }
        ReplayTransaction transaction = new ReplayTransaction(connection, spec, ledger, rowWriter);
        List<QuarantineEntry> unopened = new ArrayList<>();
        for (SealedQuarantineEntry sealed : entries) {
            QuarantineEntry entry = sealed.entry();
            String protection = protections.get(new Sealing(entry.pipelineVersion(), entry.protection()));
            if (protection == null) {
                continue; // quarantined after the plan was made, under another version
            }
            remapper.remap(
                            entry.binding(),
                            protection,
                            entry.sentAt(),
                            entry.recordIndex(),
                            entry.form(),
                            sealed.original())
                    .ifPresentOrElse(
                            outcomes -> transaction.add(entry, sealed.idempotencyKey(), outcomes),
                            () -> unopened.add(entry));
        }
        Replayed done = transaction.run().plus(Replayed.unopened(unopened.size()));
        SearchPath.restore(connection); // COMMIT fires the table's deferred triggers
        FailPoint.BEFORE_COMMIT.pass();
        return new Step(done, entries.getLast().entry().id(), unopened);
    }

    private record Step(Replayed done, long last, List<QuarantineEntry> unopened) {}

    /** Receives what is committed, between two transactions. */
    public interface Listener {

        /** The sum so far. */
        void progressed(Replayed sum);

        /** An entry stays as it is, because its original cannot be unsealed. */
        void unopened(QuarantineEntry entry);
    }
}
