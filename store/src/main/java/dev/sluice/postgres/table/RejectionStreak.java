package dev.sluice.postgres.table;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many records in succession failed alone without any record being stored, over all batches of a sink. A row is blamed
 * only if others are stored: from {@link #LIMIT} on the table as a whole is considered at fault, and nothing is quarantined.
 * Also remembers which messages failed: a message that fails again after others were stored is itself at fault. Kept in
 * memory only. Thread-safe.
 */
public final class RejectionStreak {

    /** Ten unrelated rows are not rejected by chance; a broken table sends at most nine of them to quarantine. */
    static final int LIMIT = 10;

    /** More than the batches of all consumers hold by default; an entry is an id and a number. */
    private static final int REMEMBERED = 10_000;

    /** Others were stored in the same attempt. */
    private static final long BEFORE_ALL = -1;

    private final Map<String, Long> failedAfter = new LinkedHashMap<>();
    private int failures;
    private long commits;

    /** After a commit that stored a row. */
    public synchronized void stored() {
        failures = 0;
        commits++;
    }

    /** After a commit that stored none. */
    synchronized void failed(int records) {
        failures += records;
    }

    /** Whether the table is at fault, given so many failures that are not counted yet. */
    synchronized boolean isLongWith(int more) {
        return failures + more >= LIMIT;
    }

    /**
     * Notes that a record of the message failed.
     *
     * @param othersStored whether others were stored in the same attempt
     */
    synchronized void note(String messageId, boolean othersStored) {
        if (failedAfter.size() >= REMEMBERED) {
            Iterator<String> oldest = failedAfter.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        failedAfter.merge(messageId, othersStored ? BEFORE_ALL : commits, Math::min);
    }

    /** Whether other rows were stored since a record of the message first failed. */
    synchronized boolean othersStoredSince(String messageId) {
        return failedAfter.getOrDefault(messageId, Long.MAX_VALUE) < commits;
    }
}
