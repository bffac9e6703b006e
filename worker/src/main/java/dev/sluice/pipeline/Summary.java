package dev.sluice.pipeline;

import java.time.Duration;

/**
 * What a run received and what became of it, in records: a message that is not JSON counts as one, an array as its
 * elements.
 *
 * @param received taken from the queue
 * @param stored new rows
 * @param duplicates stored before, nothing written
 * @param quarantined new quarantine records
 * @param released returned to the queue
 * @param undeletedMessages messages (not records) that are committed but could not be deleted: they will be redelivered
 *     and turn out to be duplicates
 * @param elapsed since the run began
 */
public record Summary(
        long received,
        long stored,
        long duplicates,
        long quarantined,
        long released,
        long undeletedMessages,
        Duration elapsed) {

    /** Whether every record is accounted for; once the consumers have ended, false is a defect. */
    public boolean isBalanced() {
        return received == stored + duplicates + quarantined + released;
    }
}
