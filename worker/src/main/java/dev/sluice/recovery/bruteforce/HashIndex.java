package dev.sluice.recovery.bruteforce;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The hashes to find, by their first eight bytes, and for each the position in a candidate space at which it was found:
 * open addressing, 16 bytes per hash, behind a {@link HashFilter} of 2 bytes per hash. Filled once, then looked up and
 * marked by many threads.
 *
 * <p>Eight bytes do not prove a match: the user of a position hashes its text and compares the whole. With a million
 * hashes and all IPv4 addresses, a false match occurs about once in 4,000 runs.
 */
final class HashIndex {

    /** A table of long and int that is three quarters full, and the filter. */
    static final int BYTES_PER_HASH = 16 + HashFilter.BYTES_PER_HASH;

    private static final int EMPTY = 0;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long[] keys;
    private final HashFilter filter;
    private final AtomicIntegerArray places;
    private final int size;
    private final AtomicInteger found = new AtomicInteger();

    /** Positions that have no place in the table: a second match of one key, and the last of 2^32. */
    private final Map<Long, List<Long>> others = new ConcurrentHashMap<>();

    /** @param hashes what {@link #key} gives, each once, in any order */
    HashIndex(long[] hashes) {
        this(hashes, hashes.length);
    }

    private HashIndex(long[] hashes, int size) {
        int slots = Math.toIntExact(size + size / 3L + 1);
        this.keys = new long[slots];
        this.places = new AtomicIntegerArray(slots);
        this.filter = new HashFilter(hashes, size);
        this.size = size;
        for (int i = 0; i < size; i++) {
            keys[slot(hashes[i])] = hashes[i];
        }
    }

    /** The first eight bytes of a hash; never 0, which marks an empty slot. */
    static long key(byte[] hash) {
        long key = (long) EIGHT_BYTES.get(hash, 0);
        return key == 0 ? 1 : key;
    }

    /** What answers most questions without the table. */
    HashFilter filter() {
        return filter;
    }

    /**
     * Called once for every text of the space whose key the {@link #filter} selects.
     *
     * @param position the text's, in the space
     */
    void mark(long key, long position) {
        int slot = slot(key);
        if (keys[slot] != key) {
            return;
        }
        int place = (int) (position + 1);
        if (place != EMPTY && places.compareAndSet(slot, EMPTY, place)) {
            found.incrementAndGet();
        } else {
            others.computeIfAbsent(key, first -> new CopyOnWriteArrayList<>()).add(position);
        }
    }

    /** Where a hash with this key was found: usually none or one. */
    List<Long> positions(long key) {
        int slot = slot(key);
        if (keys[slot] != key) {
            return List.of();
        }
        List<Long> positions = new ArrayList<>(others.getOrDefault(key, List.of()));
        int place = places.get(slot);
        if (place != EMPTY) {
            positions.add(Integer.toUnsignedLong(place) - 1);
        }
        return positions;
    }

    /** How many hashes there are to find. */
    int size() {
        return size;
    }

    /** How many of them were found. */
    int found() {
        return found.get();
    }

    /** The key's slot, or the empty one where it would be. Hashes are evenly distributed as they are. */
    private int slot(long key) {
        int slot = (int) Math.unsignedMultiplyHigh(key, keys.length);
        while (keys[slot] != key && keys[slot] != 0) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        return slot;
    }

    /** Collects distinct keys: at most 16 bytes per hash, 24 while it grows. Thread-safe. */
    static final class Builder {

        private static final int SMALLEST = 1024;

        private final long maxHashes;
        private long[] keys = new long[SMALLEST];
        private int size;

        /** @param maxHashes distinct hashes that are accepted */
        Builder(long maxHashes) {
            this.maxHashes = maxHashes;
        }

        /**
         * Adds keys, in any order and any number of times.
         *
         * @throws InfrastructureException CONFIG if there are too many
         */
        synchronized void addAll(List<Long> added) {
            for (long key : added) {
                if (size == keys.length) {
                    makeRoom();
                }
                keys[size++] = key;
            }
        }

        /**
         * Called once, at the end: what was collected is released.
         *
         * @throws InfrastructureException CONFIG if there are too many
         */
        synchronized HashIndex build() {
            removeDuplicates();
            HashIndex index = new HashIndex(keys, size);
            keys = new long[0];
            size = 0;
            return index;
        }

        // Grows by half at least, so that sorting stays rare compared to adding.
        private void makeRoom() {
            removeDuplicates();
            if (size > keys.length / 2) {
                keys = Arrays.copyOf(keys, Math.toIntExact(keys.length * 2L));
            }
        }

        private void removeDuplicates() {
            Arrays.sort(keys, 0, size);
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (i == 0 || keys[i] != keys[i - 1]) {
                    keys[kept++] = keys[i];
                }
            }
            size = kept;
            if (size > maxHashes) {
                throw new InfrastructureException(
                        Kind.CONFIG,
                        "there are more than " + maxHashes + " distinct hashes, of " + BYTES_PER_HASH
                                + " bytes each; process one column at a time (--column), or give Java more memory (-Xmx"
                                + " in JAVA_TOOL_OPTIONS) and raise --max-hashes");
            }
        }
    }
}
