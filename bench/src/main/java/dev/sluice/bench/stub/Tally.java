package dev.sluice.bench.stub;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened to a queue, and when. Requests are counted from any thread; everything else only by {@link Queue} under its
 * lock.
 */
final class Tally {

    /** The deletes are timed at every twentieth of the messages. */
    private static final int MARKS = 20;

    private static final int NANOS_PER_MICRO = 1000;

    private final int messages;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private final long[] marks = new long[MARKS + 1];
    private final int[] receivedToDeletedMicros;
    private final int[] visibleToDeletedMicros;
    private int nextMark;
    private int deleted;
    private int received;
    private int emptyReceives;
    private int duplicates;
    private int expired;
    private int staleDeletes;
    private int mostWaiting;
    private int mostInFlight;
    private long firstReceive;
    private long firstDelete;
    private long lastDelete;
    private int timed;

    Tally(int messages) {
        this.messages = messages;
        this.receivedToDeletedMicros = new int[messages];
        this.visibleToDeletedMicros = new int[messages];
    }

    void request(String operation) {
        requests.computeIfAbsent(operation, absent -> new LongAdder()).increment();
    }

    /** Receives that are open at the same time. */
    void waiting(int receives) {
        mostWaiting = Math.max(mostWaiting, receives);
    }

    /** Messages that are in flight at the same time. */
    void inFlight(int messages) {
        mostInFlight = Math.max(mostInFlight, messages);
    }

    void received(int count, long now) {
        received += count;
        emptyReceives += count == 0 ? 1 : 0;
        firstReceive = firstReceive == 0 && count > 0 ? now : firstReceive;
    }

    void duplicate() {
        duplicates++;
    }

    void expired() {
        expired++;
    }

    void staleDelete() {
        staleDeletes++;
    }

    /** @param total deleted messages, this one included */
    void deleted(int total, long now, long sinceReceive, long sinceVisible) {
        deleted = total;
        firstDelete = firstDelete == 0 ? now : firstDelete;
        lastDelete = now;
        if (timed < messages) {
            receivedToDeletedMicros[timed] = (int) (sinceReceive / NANOS_PER_MICRO);
            visibleToDeletedMicros[timed] = (int) (sinceVisible / NANOS_PER_MICRO);
            timed++;
        }
        while (nextMark <= MARKS && (long) total * MARKS >= (long) nextMark * messages) {
            marks[nextMark++] = now;
        }
    }

    /** {@code name=number} pairs separated by blanks; percentiles only on demand, since they sort. */
    String toText(boolean percentiles) {
        StringBuilder text = new StringBuilder();
        put(text, "messages", messages);
        put(text, "received", received);
        put(text, "deleted", deleted);
        put(text, "emptyReceives", emptyReceives);
        put(text, "duplicates", duplicates);
        put(text, "expired", expired);
        put(text, "staleDeletes", staleDeletes);
        put(text, "mostWaiting", mostWaiting);
        put(text, "mostInFlight", mostInFlight);
        put(text, "firstReceive", firstReceive);
        put(text, "firstDelete", firstDelete);
        put(text, "lastDelete", lastDelete);
        for (int mark = 1; mark < nextMark; mark++) {
            put(text, "mark" + mark * 100 / MARKS, marks[mark]);
        }
        requests.forEach((operation, calls) -> put(text, "calls." + operation, calls.sum()));
        if (percentiles) {
            percentiles(text, "receivedToDeleted", receivedToDeletedMicros);
            percentiles(text, "visibleToDeleted", visibleToDeletedMicros);
        }
        return text.toString().strip();
    }

    private void percentiles(StringBuilder text, String name, int[] micros) {
        int[] sorted = Arrays.copyOf(micros, timed);
        if (sorted.length > 0) {
            Arrays.sort(sorted);
            put(text, name + "P50Micros", sorted[(int) (0.50 * (sorted.length - 1))]);
            put(text, name + "P99Micros", sorted[(int) (0.99 * (sorted.length - 1))]);
            put(text, name + "MaxMicros", sorted[sorted.length - 1]);
        }
    }

    private static void put(StringBuilder text, String name, long number) {
        text.append(' ').append(name).append('=').append(number);
    }
}
