package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import java.util.List;

/**
 * Where masked rows and sealed rejects are stored. Takes only what the mapper returns, so that no clear value can reach
 * it. Thread-safe: several consumers store at the same time.
 */
public interface Sink extends AutoCloseable {

    /**
     * Stores records, each with its ledger entry in one transaction: as a row or as a quarantine record, unless it is
     * stored already. Large batches, and those that fail together, take several transactions. Blocks until all are
     * committed or failed. The caller deletes nothing from the queue before this returns.
     *
     * @param records at least one, no key twice
     * @return one settlement per record, in the same order: committed, or {@link Settlement#DEFERRED}
     * @throws InfrastructureException if a transaction did not commit, or if that is unknown; then nothing may be deleted.
     *     What did commit turns out to be duplicates when it is stored again or redelivered
     */
    List<Settlement> store(List<MappedRecord> records);

    /**
     * Checks whether the database can take a batch now. Called after {@link #store} failed, before it is tried again.
     *
     * @throws InfrastructureException if it cannot
     */
    void probe();

    @Override
    void close();
}
