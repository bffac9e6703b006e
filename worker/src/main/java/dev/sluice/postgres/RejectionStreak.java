package dev.sluice.postgres;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many records in succession failed alone without any record being stored, over all batches of a sink. A row is
 * blamed only if others go through: from {@link #LIMIT} on the table as a whole is taken to be out of order, and nothing
 * is quarantined. Also remembers which messages failed, so that one that fails again after others went through is known
 * to be at fault by itself. Forgotten when the worker ends. Thread-safe.
 */
final class RejectionStreak {

    /** Ten rows that nothing connects are not refused by chance; a table that is broken loses at most nine to quarantine. */
    static final int LIMIT = 10;

    /** More than the batches of all lanes hold by default; an entry is an id and a number. */
    private static final int REMEMBERED = 10_000;

    /** Stands for "others went through in the same attempt". */
    private static final long BEFORE_ALL = -1;

    private final Map<String, Long> failedAfter = new LinkedHashMap<>();
    private int failures;
    private long commits;

    /** Called after a commit that stored a row. */
    synchronized void stored() {
        failures = 0;
        commits++;
    }

    /** Called after a commit that stored none. */
    synchronized void failed(int records) {
        failures += records;
    }

    /** Whether the table is out of order, given so many failures that are not counted yet. */
    synchronized boolean isLongWith(int more) {
        return failures + more >= LIMIT;
    }

    /**
     * Notes that a record of the message failed.
     *
     * @param othersStored whether others went through in the same attempt
     */
    synchronized void note(String messageId, boolean othersStored) {
        if (failedAfter.size() >= REMEMBERED) {
            Iterator<String> oldest = failedAfter.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        failedAfter.merge(messageId, othersStored ? BEFORE_ALL : commits, Math::min);
    }

    /** Whether rows of others were stored since a record of the message failed for the first time. */
    synchronized boolean othersStoredSince(String messageId) {
        return failedAfter.getOrDefault(messageId, Long.MAX_VALUE) < commits;
    }
}
