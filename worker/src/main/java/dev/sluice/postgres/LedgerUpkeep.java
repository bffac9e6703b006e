package dev.sluice.postgres;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The ledger's daily work, done at start and by the first lane that stores on a new day (UTC). Thread-safe. */
final class LedgerUpkeep {

    private static final String ACTION = "make and prune the ledger's partitions";

    private final Ledger ledger;
    private final InstantSource clock;
    private final ReentrantLock atWork = new ReentrantLock();
    private volatile LocalDate keptOn = LocalDate.MIN;

    LedgerUpkeep(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Before the first batch. Blocks until done; throws as {@link Database#transact}. */
    void begin(Database database) {
        keep(work -> database.transact(ACTION, work));
    }

    /** Before any batch. Blocks the one lane that finds a new day; throws as {@link Transactions#transact}. */
    void keep(Transactions transactions) {
        keep(work -> transactions.transact(ACTION, work));
    }

    // Days are made ahead, so that other lanes need not wait for the one that is at it.
    private void keep(Function<Database.Work<Long>, Long> transact) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (today.equals(keptOn) || !atWork.tryLock()) {
            return;
        }
        try {
            long next = transact.apply(connection -> {
                ledger.prepare(connection, today);
                return 0L;
            });
            while (next != Ledger.ALL) {
                long from = next;
                next = transact.apply(connection -> ledger.prune(connection, today, from));
            }
            keptOn = today;
        } finally {
            atWork.unlock();
        }
    }
}
