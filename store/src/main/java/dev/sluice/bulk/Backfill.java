package dev.sluice.bulk;

import dev.sluice.bulk.UnitResult.State;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.TenantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads the pending units of a plan with the threads of one process. Several processes, on any hosts, may do so at once:
 * each leaves what another one is loading to it, and takes it over at the end in case that one is stuck. Used once.
 */
public final class Backfill {

    private final UnitLoader loader;
    private final double maxRejected;
    private final Queue<Unit> left = new ConcurrentLinkedQueue<>();
    private final Queue<Unit> busy = new ConcurrentLinkedQueue<>();
    private final List<UnreadableUnit> unreadable = new ArrayList<>();
    private final AtomicLong bytesDone = new AtomicLong();
    private UnitCounts counts = UnitCounts.NONE;
    private final ShutdownSignal tooManyRejected = new ShutdownSignal();

    /** Why a backfill of this pipeline would store events twice, or none; empty if it would do neither. */
    public static Optional<String> objection(PipelineSpec spec, boolean allowsDuplicates) {
        if (spec.tenants() instanceof TenantSource.Attribute) {
            return Optional.of(
                    "pipeline " + spec.name() + " takes the tenant from the message (keys.by), and lines of files"
                            + " have no message: take it from a field");
        }
        return allowsDuplicates || spec.source().idempotencyKey() instanceof IdempotencyKey.MessageId
                ? Optional.empty()
                : Optional.of(
                        "pipeline " + spec.name() + " has an idempotency key, which a backfill does not use: events"
                                + " that are in the files twice, or stored already, would be stored again; --allow-duplicates"
                                + " accepts that");
    }

    /** @param maxRejected the share of records, from 0 to 1, above which rejections end the work */
    public Backfill(UnitLoader loader, double maxRejected) {
        this.loader = loader;
        this.maxRejected = maxRejected;
    }

    /**
     * Blocks until all units are loaded or cannot be, until stopped, or until too many records are rejected; units that were
     * begun are finished.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link UnitLoader#load}
     */
    public BackfillReport run(Plan plan, WorkerPool pool) {
        left.addAll(plan.pending());
        pool.run("bytes", plan.pendingBytes(), () -> loadNext(left, true), bytesDone::get);
        if (!busy.isEmpty() && !pool.stop().isRequested() && !tooManyRejected.isRequested()) {
            pool.run("bytes", plan.pendingBytes(), () -> loadNext(busy, false), bytesDone::get);
        }
        synchronized (this) {
            return new BackfillReport(List.copyOf(unreadable), tooManyRejected.isRequested());
        }
    }

    private boolean loadNext(Queue<Unit> units, boolean yields) {
        Unit unit = tooManyRejected.isRequested() ? null : units.poll();
        if (unit == null) {
            return false;
        }
        try {
            UnitResult result = loader.load(unit, yields);
            if (result.state() == State.BUSY) {
                busy.add(unit);
                return true;
            }
            count(result.counts());
        } catch (UnreadableFileException e) {
            synchronized (this) {
                unreadable.add(new UnreadableUnit(unit, e.why()));
            }
        }
        bytesDone.addAndGet(unit.length());
        return true;
    }

    private synchronized void count(UnitCounts more) {
        counts = counts.plus(more);
        if (counts.isRejectedBeyond(maxRejected)) {
            tooManyRejected.request();
        }
    }

    /** @param why a clause, without the file's content */
    public record UnreadableUnit(Unit unit, String why) {}

    /**
     * What the ledger does not say.
     *
     * @param unreadable units whose files cannot be loaded
     * @param tooManyRejected whether the work ended for that
     */
    public record BackfillReport(List<UnreadableUnit> unreadable, boolean tooManyRejected) {}
}
