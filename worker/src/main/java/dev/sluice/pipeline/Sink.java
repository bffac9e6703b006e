package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.util.List;

/**
 * Where masked rows and sealed rejects go. Takes only what came out of the mapper, so that no clear value can reach it.
 * Thread-safe: several lanes store at the same time.
 */
public interface Sink extends AutoCloseable {

    /**
     * Stores records, each with its ledger entry in one transaction: as a row or as a quarantine record, unless it was seen
     * before. Large batches, and those that fail together, take several transactions. Blocks until all are committed or
     * failed. Called by a lane with what it received; the lane deletes nothing from the queue before this returns.
     *
     * @param records what the mapper made of the batch, at least one, no key twice
     * @return one settlement per record, in the same order: committed, or {@link Settlement.Deferred}
     * @throws InfrastructureException when a transaction did not commit, or when that is unknown; nothing may be deleted
     *     then. What did commit is found to be duplicates when it is stored again, or redelivered.
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
