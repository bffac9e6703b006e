package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.SqlError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides a batch that fails as a whole for an unexplained reason: each part in a transaction of its own, so that what
 * goes is committed and only what fails alone is postponed, or quarantined when it has failed often enough. The ledger
 * makes it harmless that a message's records, or a batch that is tried again, are stored in pieces. One batch, one thread.
 */
final class BatchSplitter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSplitter.class);

    /** A record that failed alone at each of so many receives is quarantined; between them lie at least 90 s. */
    private static final int RECEIVES = 3;

    /** After so many records that ran into the statement timeout alone, a minute has gone: the rest waits on the queue. */
    private static final int TIMEOUTS = 3;

    /** How many others are tried before a table is said to take no rows. */
    private static final int SAMPLES = 5;

    /** Each place that is told costs three attempts; with many culprits, halves cost less. */
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
        this.blame = Blame.by(store.streak());
    }

    /** What is never divided: records, or messages with all their records. */
    static List<List<MappedRecord>> units(List<MappedRecord> records, boolean wholeMessages) {
        List<List<MappedRecord>> units = new ArrayList<>();
        @Nullable Message last = null;
        for (MappedRecord mapped : records) {
            if (!wholeMessages || !Objects.equals(mapped.message(), last)) {
                units.add(new ArrayList<>());
            }
            units.getLast().add(mapped);
            last = mapped.message();
        }
        return units;
    }

    /**
     * Stores what goes.
     *
     * @param failure what the records failed with as a whole, the last time
     * @return one settlement per record, all of them committed or deferred
     * @throws InfrastructureException TRANSIENT when the database is away or the table takes no rows; parts may be
     *     stored then, and are found duplicates when the same records are stored again
     */
    List<Settlement> store(List<MappedRecord> records, UnexplainedFailureException failure) {
        all = units(records, wholeMessages);
        if (all.size() > 1) {
            LOG.warn(
                    "{} records fail together, SQLSTATE {}; they are stored in parts.",
                    records.size(),
                    failure.refusal().sqlState());
        }
        divide(all, failure);
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
    private void divide(List<List<MappedRecord>> part, UnexplainedFailureException failure) {
        if (part.size() == 1) {
            failedAlone(part.getFirst(), failure);
            return;
        }
        if (failure.refusal().line() == 0) {
            blame.failedSlowly(failure.nanos()); // a lock, or a server that does not get on
            requireOrder(failure);
        }
        int told = culprits.size() < FEW ? told(part, failure.refusal().line()) : -1;
        if (told >= 0 && !attempt(part.subList(told, told + 1))) {
            attempt(part.subList(0, told));
            attempt(part.subList(told + 1, part.size()));
        } else {
            attempt(part.subList(0, part.size() / 2));
            attempt(part.subList(part.size() / 2, part.size()));
        }
    }

    /** The unit in which a row of the COPY lies; a guess, which costs attempts when it is wrong. */
    private static int told(List<List<MappedRecord>> part, int line) {
        int rows = 0;
        for (int place = 0; place < part.size() && line > 0; place++) {
            for (MappedRecord mapped : part.get(place)) {
                rows += mapped.outcome() instanceof Row ? 1 : 0;
            }
            if (rows >= line) {
                return place;
            }
        }
        return -1;
    }

    /** Whether all of a part is stored now. */
    private boolean attempt(List<List<MappedRecord>> part) {
        List<List<MappedRecord>> left = part.stream()
                .filter(unit -> !settlements.containsKey(unit.getFirst()))
                .toList();
        if (left.isEmpty()) {
            return true;
        }
        if (timeouts >= TIMEOUTS) {
            return false; // what has no settlement is deferred
        }
        try {
            storeTogether(left);
            return true;
        } catch (UnexplainedFailureException e) {
            divide(left, e);
            return false;
        }
    }

    private void storeTogether(List<List<MappedRecord>> part) throws UnexplainedFailureException {
        List<MappedRecord> records = part.stream().flatMap(List::stream).toList();
        List<Settlement> stored = store.store(records);
        for (int place = 0; place < records.size(); place++) {
            settlements.put(records.get(place), stored.get(place));
        }
        if (stored.contains(Settlement.STORED)) {
            blame.stored();
        }
        largestStored = Math.max(largestStored, records.size());
    }

    private void failedAlone(List<MappedRecord> unit, UnexplainedFailureException failure) {
        String messageId = unit.getFirst().message().id();
        blame.failedAlone(messageId, failure.nanos());
        boolean beforeOthers = !blame.hasStored();
        requireOrder(failure);
        if (settlements.containsKey(unit.getFirst())) {
            return; // drawn, and stored this time
        }
        blame.note(messageId);
        timeouts += DatabaseFailures.isTimeout(failure.refusal()) ? 1 : 0;
        unit.forEach(mapped -> settlements.put(mapped, Settlement.DEFERRED));
        culprits.add(new Culprit(unit, failure, beforeOthers));
    }

    // At the end, when it is known whether others go through: a table may have been mended meanwhile.
    private void settle(Culprit culprit) {
        UnexplainedFailureException failure = culprit.failure();
        if (culprit.beforeOthers() && blame.hasStored() && !Blame.isSlow(failure.nanos()) && isStored(culprit.unit())) {
            return;
        }
        Message message = culprit.unit().getFirst().message();
        boolean isLast = !wholeMessages && message.receiveCount() >= RECEIVES;
        LOG.warn(
                "A record of message {} fails alone, SQLSTATE {}; it is {}.",
                message.id(),
                failure.refusal().sqlState(),
                isLast ? "quarantined" : "postponed");
        if (isLast) {
            MappedRecord mapped = culprit.unit().getFirst();
            settlements.put(mapped, quarantined(mapped, failure.refusal()));
        }
    }

    private boolean isStored(List<MappedRecord> unit) {
        try {
            storeTogether(List.of(unit));
            return true;
        } catch (UnexplainedFailureException e) {
            return false;
        }
    }

    private Settlement quarantined(MappedRecord culprit, SqlError refusal) {
        try {
            return store.quarantine(culprit, refusal);
        } catch (UnexplainedFailureException e) {
            return Settlement.DEFERRED;
        }
    }

    private void requireOrder(UnexplainedFailureException failure) {
        if (blame.isTheTable() && !isAnyStored()) {
            all.forEach(unit -> blame.note(unit.getFirst().message().id()));
            throw store.outage(failure.refusal());
        }
    }

    /** Whether the table takes any of some units, drawn at random: those at fault may stand together. */
    private boolean isAnyStored() {
        List<List<MappedRecord>> left = all.stream()
                .filter(unit -> !settlements.containsKey(unit.getFirst()))
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(left);
        for (List<MappedRecord> unit : left.subList(0, Math.min(SAMPLES, left.size()))) {
            try {
                storeTogether(List.of(unit));
            } catch (UnexplainedFailureException e) {
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
    private record Culprit(List<MappedRecord> unit, UnexplainedFailureException failure, boolean beforeOthers) {}
}
