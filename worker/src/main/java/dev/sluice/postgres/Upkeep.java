package dev.sluice.postgres;

import dev.sluice.mapping.PipelineSpec;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The daily work on partitions, the ledger's and the table's, done at start and by the first lane that stores on a new day
 * (UTC). Thread-safe.
 */
final class Upkeep {

    private static final String ACTION = "make and prune partitions";

    private final Ledger ledger;
    private final PipelineSpec.Sink table;
    private final InstantSource clock;
    private final ReentrantLock atWork = new ReentrantLock();
    private volatile LocalDate keptOn = LocalDate.MIN;

    Upkeep(Ledger ledger, PipelineSpec.Sink table, InstantSource clock) {
        this.ledger = ledger;
        this.table = table;
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
                TablePartitions.prepare(connection, table);
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
