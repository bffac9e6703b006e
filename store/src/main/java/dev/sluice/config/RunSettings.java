package dev.sluice.config;

/**
 * How much a run processes at once.
 *
 * @param consumers batches stored in parallel, 1 to 64
 * @param batchMessages when a batch is full, 1 to 10,000
 */
public record RunSettings(int consumers, int batchMessages) {

    /** @throws IllegalArgumentException when a number is out of the declared bounds */
    public RunSettings {
        Setting.CONSUMERS.require(Integer.toString(consumers));
        Setting.BATCH_MESSAGES.require(Integer.toString(batchMessages));
    }
}
