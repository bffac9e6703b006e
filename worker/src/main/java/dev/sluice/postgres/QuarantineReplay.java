package dev.sluice.postgres;

import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Remapper;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.BatchTransaction.RowWriter;
import dev.sluice.postgres.QuarantineReader.Entry;
import dev.sluice.postgres.QuarantineReader.Sealed;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.SearchPath;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps quarantined records again and stores those that fit now. In each transaction rows are written and their entries
 * deleted together, and keys that no entry has claimed are claimed, so that no record makes a second row, however often
 * this is called, killed, or run beside workers. Thread-safe.
 */
public final class QuarantineReplay {

    private static final String ACTION = "replay the quarantine";

    /** Locked together and lost together when the process is killed. */
    private static final int BATCH_ENTRIES = 100;

    private final Database database;
    private final PipelineSpec spec;
    private final Remapper remapper;
    private final Ledger ledger;

    /**
     * @param spec only its own entries are replayed: an original is bound to its pipeline
     * @param remapper compiled from {@code spec}
     */
    public QuarantineReplay(Database database, PipelineSpec spec, Remapper remapper) {
        this.database = database;
        this.spec = database.located(spec);
        this.remapper = remapper;
        this.ledger = Ledger.of(spec, Duration.ZERO); // claims only; the workers keep it
    }

    /**
     * What there is to replay now; opens nothing.
     *
     * @throws InfrastructureException CONFIG when the schema or the table does not fit, NOT_PERMITTED when a grant is
     *     missing, TRANSIENT when the database is away
     */
    public Plan plan(Selection selection) {
        database.transact(ACTION, connection -> Readiness.fitting(connection, spec));
        return database.transact(ACTION, connection -> ReplayedEntries.plan(connection, spec.name(), selection));
    }

    /**
     * Replays what was planned. Blocks until done; what is done when it throws stays done. An original that cannot be
     * unsealed is left where it is, and costs the others nothing.
     *
     * @param protections for each of the plan's sealings the {@link dev.sluice.mapping.FieldProtection#text} under which it
     *     took place; entries of any other are left
     * @throws InfrastructureException as {@link #plan}
     */
    public Replayed replay(Plan plan, Map<Sealing, String> protections, Listener listener) {
        RowCopy rowCopy = database.transact(ACTION, connection -> Readiness.fitting(connection, spec));
        Replayed sum = Replayed.NONE;
        long after = 0;
        while (after < plan.last) {
            Step step = step(rowCopy, plan, protections, after);
            sum = sum.plus(step.done);
            after = step.last;
            FailPoint.AFTER_COMMIT.pass();
            step.unopened.forEach(listener::unopened);
            listener.progressed(sum);
        }
        return sum;
    }

    private Step step(RowCopy rowCopy, Plan plan, Map<Sealing, String> protections, long after) {
        Transactions transactions = new Transactions(database);
        try {
            return transactions.transactOrRefuse(
                    ACTION, connection -> step(connection, plan, protections, after, RowWriter.whole(rowCopy)));
        } catch (RowRejectedException e) {
            RowWriter isolating =
                    (connection, records) -> RowIsolation.write(connection, spec, records, Blame.always());
            return transactions.transactQualified(
                    ACTION, connection -> step(connection, plan, protections, after, isolating));
        }
    }

    private Step step(
            Connection connection, Plan plan, Map<Sealing, String> protections, long after, RowWriter rowWriter)
            throws SQLException {
        SearchPath.fix(connection);
        List<Sealed> entries =
                ReplayedEntries.lock(connection, spec.name(), plan.selection, after, plan.last, BATCH_ENTRIES);
        if (entries.isEmpty()) {
            return new Step(Replayed.NONE, plan.last, List.of());
        }
        ReplayTransaction transaction = new ReplayTransaction(connection, spec, ledger, rowWriter);
        List<Entry> unopened = new ArrayList<>();
        for (Sealed sealed : entries) {
            Entry entry = sealed.entry();
            String protection = protections.get(Sealing.of(entry));
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
                            outcomes -> transaction.add(entry, sealed.idempotencyKey(), records(entry, outcomes)),
                            () -> unopened.add(entry));
        }
        Replayed done = transaction.run().plus(Replayed.unopened(unopened.size()));
        SearchPath.restore(connection); // COMMIT fires what the table's triggers have deferred
        FailPoint.BEFORE_COMMIT.pass();
        return new Step(done, entries.getLast().entry().id(), unopened);
    }

    private static List<MappedRecord> records(Entry entry, List<Outcome> outcomes) {
        Message message = new Message(entry.messageId(), "", entry.sentAt(), entry.receiveCount(), new byte[0]);
        List<MappedRecord> records = new ArrayList<>(outcomes.size());
        for (Outcome outcome : outcomes) {
            records.add(new MappedRecord(message, entry.recordIndex() + records.size(), outcome));
        }
        return records;
    }

    private record Step(Replayed done, long last, List<Entry> unopened) {}

    /**
     * What there is to replay.
     *
     * @param selection which entries
     * @param entries how many they are
     * @param last the newest one's id; 0 when there is none
     * @param sealings under what they were sealed
     */
    public record Plan(Selection selection, long entries, long last, Set<Sealing> sealings) {

        /** Copies the sealings. */
        public Plan {
            sealings = Set.copyOf(sealings);
        }
    }

    /**
     * Under what an original was sealed.
     *
     * @param version of the pipeline file; of the last one that rejected the record, when {@code protection} is not null
     * @param protection the {@link dev.sluice.mapping.FieldProtection#text} that the original is bound to; null for none
     */
    public record Sealing(String version, @Nullable String protection) {

        static Sealing of(Entry entry) {
            return new Sealing(entry.pipelineVersion(), entry.protection());
        }
    }

    /** Is told what is committed, between two transactions. */
    public interface Listener {

        /** The sum so far. */
        void progressed(Replayed sum);

        /** An entry was left as it is, because its original cannot be unsealed. */
        void unopened(Entry entry);
    }

    /**
     * Which entries; of the pipeline's own.
     *
     * @param ids empty for all
     * @param reason a {@link dev.sluice.mapping.Reason}'s label; null for any
     */
    public record Selection(Set<Long> ids, @Nullable String reason) {

        /** Copies the ids. */
        public Selection {
            ids = Set.copyOf(ids);
        }
    }

    /**
     * What became of the entries and the records in them: a body that was rejected as a whole may hold several records
     * now. {@code records = stored + duplicates + rejected}.
     *
     * @param entries looked at
     * @param unopened entries among them whose originals cannot be unsealed; what records they hold is not known
     * @param records that were in the others
     * @param stored new rows
     * @param duplicates stored by another delivery meanwhile
     * @param rejected that fit no row today either; they stay, with today's reason
     */
    public record Replayed(long entries, long unopened, long records, long stored, long duplicates, long rejected) {

        static final Replayed NONE = unopened(0);

        static Replayed unopened(int entries) {
            return new Replayed(entries, entries, 0, 0, 0, 0);
        }

        Replayed plus(Replayed other) {
            return new Replayed(
                    entries + other.entries,
                    unopened + other.unopened,
                    records + other.records,
                    stored + other.stored,
                    duplicates + other.duplicates,
                    rejected + other.rejected);
        }
    }
}
