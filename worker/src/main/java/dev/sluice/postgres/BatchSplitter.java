package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.BatchFailedException;
import dev.sluice.postgres.table.Blame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Splits a batch that fails as a whole for an unexplained reason: each part gets its own transaction, so that everything is
 * committed except what fails alone; that is deferred, or quarantined when it has failed often enough. The ledger makes it
 * safe to store a message's records, or a batch that is tried again, in parts. One batch, one thread.
 */
final class BatchSplitter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSplitter.class);

    /** A record that failed alone at so many receives is quarantined; at least 90 s lie between the first and the last. */
    private static final int RECEIVES = 3;

    /** After so many records that ran into the statement timeout alone, a minute has passed: the rest is deferred. */
    private static final int TIMEOUTS = 3;

    /** How many other units are tried before the table is reported to take no rows. */
    private static final int SAMPLES = 5;

    /** Following the server's line number costs three attempts; with more culprits, halving costs less. */
    private static final int FEW = 10;

    private final BatchStore store;
    private final boolean wholeMessages;
    private final Blame blame;
    private final IdentityHashMap<MappedRecord, Settlement> settlements = new IdentityHashMap<>();
    private List<List<MappedRecord>> all = List.of();
    private final List<Culprit> culprits = new ArrayList<>();
    private int timeouts;
    private int largestStored;

    /** @param wholeMessages whether nothing is quarantined: what fails stays on the queue, with all of its message */
    BatchSplitter(BatchStore store, boolean wholeMessages) {
        this.store = store;
        this.wholeMessages = wholeMessages;
        this.blame = new Blame(store.streak());
    }

    /**
     * Stores everything that does not fail alone.
     *
     * @param failure how the records last failed as a whole
     * @return one settlement per record, all of them committed or deferred
     * @throws InfrastructureException TRANSIENT when the database is unavailable or the table takes no rows; parts may be
     *     stored then, and are duplicates when the same records are stored again
     */
    List<Settlement> store(List<MappedRecord> records, BatchFailedException failure) {
        all = TransactionSize.units(records, wholeMessages);
        if (all.size() > 1) {
            LOG.warn(
                    "{} records fail together, SQLSTATE {}; they are stored in parts.",
                    records.size(),
                    failure.error().sqlState());
        }
        split(all, failure);
        culprits.forEach(this::settle);
        blame.committed();
        return records.stream()
                .map(mapped -> settlements.getOrDefault(mapped, Settlement.DEFERRED))
                .toList();
    }

    /** The size of the largest part that was stored at once; 0 when none was. */
    int largestStored() {
        return largestStored;
    }

    /** @param part at least one unit, known to fail as a whole */
    private void split(List<List<MappedRecord>> part, BatchFailedException failure) {
        if (part.size() == 1) {
            failedAlone(part.getFirst(), failure);
            return;
        }
        if (failure.error().line() == 0) {
            blame.failedSlowly(failure.nanos()); // a lock, or an overloaded server
            requireWorkingTable(failure);
        }
        int suspect = culprits.size() < FEW ? unitOfLine(part, failure.error().line()) : -1;
        if (suspect >= 0 && !isStored(part.subList(suspect, suspect + 1))) {
            isStored(part.subList(0, suspect));
            isStored(part.subList(suspect + 1, part.size()));
        } else {
            isStored(part.subList(0, part.size() / 2));
            isStored(part.subList(part.size() / 2, part.size()));
        }
    }

    /** The unit that holds a row of the COPY, or -1; a guess, which costs attempts when it is wrong. */
    private static int unitOfLine(List<List<MappedRecord>> part, int line) {
        int rows = 0;
        for (int unit = 0; unit < part.size() && line > 0; unit++) {
            for (MappedRecord mapped : part.get(unit)) {
                rows += mapped.outcome() instanceof Row ? 1 : 0;
            }
            if (rows >= line) {
                return unit;
            }
        }
        return -1;
    }

    /** Stores a part, splitting it further when it fails; whether it was stored as a whole. */
    private boolean isStored(List<List<MappedRecord>> part) {
        List<List<MappedRecord>> unsettled = unsettled(part);
        if (unsettled.isEmpty()) {
            return true;
        }
        if (timeouts >= TIMEOUTS) {
            return false; // records without a settlement are deferred
        }
        try {
            storeTogether(unsettled);
            return true;
        } catch (BatchFailedException e) {
            split(unsettled, e);
            return false;
        }
    }

    private List<List<MappedRecord>> unsettled(List<List<MappedRecord>> part) {
        return part.stream()
                .filter(unit -> !settlements.containsKey(unit.getFirst()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void storeTogether(List<List<MappedRecord>> part) throws BatchFailedException {
        List<MappedRecord> records = part.stream().flatMap(List::stream).toList();
        List<Settlement> stored = store.store(records);
        for (int i = 0; i < records.size(); i++) {
            settlements.put(records.get(i), stored.get(i));
        }
        if (stored.contains(Settlement.STORED)) {
            blame.stored();
        }
        largestStored = Math.max(largestStored, records.size());
    }

    private void failedAlone(List<MappedRecord> unit, BatchFailedException failure) {
        String messageId = unit.getFirst().message().id();
        blame.failedAlone(messageId, failure.nanos());
        boolean beforeOthers = !blame.hasStored();
        requireWorkingTable(failure);
        if (settlements.containsKey(unit.getFirst())) {
            return; // stored as a sample this time
        }
        blame.note(messageId);
        timeouts += failure.error().isTimeout() ? 1 : 0;
        unit.forEach(mapped -> settlements.put(mapped, Settlement.DEFERRED));
        culprits.add(new Culprit(unit, failure, beforeOthers));
    }

    // At the end, when it is known whether others are stored: the table may have been repaired meanwhile.
    private void settle(Culprit culprit) {
        MappedRecord first = culprit.unit().getFirst();
        BatchFailedException failure = culprit.failure();
        boolean isLast = !wholeMessages && first.message().receiveCount() >= RECEIVES;
        try {
            if (culprit.beforeOthers() && blame.hasStored() && !Blame.isSlow(failure.nanos())) {
                storeTogether(List.of(culprit.unit()));
                return;
            }
        } catch (BatchFailedException again) {
            // settled below by the first failure
        }
        LOG.warn(
                "A record of message {} fails alone, SQLSTATE {}; it is {}.",
                first.message().id(),
                failure.error().sqlState(),
                isLast ? "quarantined" : "deferred");
        try {
            if (isLast) {
                settlements.put(first, store.quarantine(first, failure.error()));
            }
        } catch (BatchFailedException e) {
            settlements.put(first, Settlement.DEFERRED);
        }
    }

    private void requireWorkingTable(BatchFailedException failure) {
        if (blame.isTheTable() && !isAnyStored()) {
            all.forEach(unit -> blame.note(unit.getFirst().message().id()));
            throw store.outage(failure.error());
        }
    }

    /** Whether the table takes any of some units, drawn at random, since those at fault may be adjacent. */
    private boolean isAnyStored() {
        List<List<MappedRecord>> unsettled = unsettled(all);
        Collections.shuffle(unsettled);
        for (List<MappedRecord> unit : unsettled.subList(0, Math.min(SAMPLES, unsettled.size()))) {
            try {
                storeTogether(List.of(unit));
            } catch (BatchFailedException e) {
                if (Blame.isSlow(e.nanos())) {
                    return false;
                }
            }
            if (blame.hasStored()) {
                return true;
            }
        }
        return false;
    }

    /** @param beforeOthers whether nothing else had been stored when it failed */
    private record Culprit(List<MappedRecord> unit, BatchFailedException failure, boolean beforeOthers) {}
}
