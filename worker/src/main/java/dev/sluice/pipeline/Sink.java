package dev.sluice.pipeline;

import java.util.List;

/**
 * Where masked rows and sealed rejects go. Takes only what came out of the mapper, so that no clear value can reach it.
 * Thread-safe: several lanes store at the same time.
 */
public interface Sink extends AutoCloseable {

    /**
     * Stores a batch in one transaction: the ledger entries, the rows of records not seen before, the quarantine of
     * rejects not seen before. Blocks until it is committed or failed. Called by a lane with what it received; the lane
     * deletes nothing from the queue before this returns.
     *
     * @param records what the mapper made of the batch, at least one, no key twice
     * @return one settlement per record, in the same order, all of them committed
     * @throws InfrastructureException when the transaction did not commit, or when that is unknown; nothing may be
     *     deleted then. If it did commit after all, the redelivered messages are found in the ledger.
     */
    List<Settlement> store(List<MappedRecord> records);

    /**
     * Asks the database whether it can take a batch now. Called by a lane after {@link #store} failed, before it
     * receives again.
     *
     * @throws InfrastructureException when it cannot
     */
    void probe();

    @Override
    void close();
}
