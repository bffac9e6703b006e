package dev.sluice.recovery.bruteforce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Hashes that are looked for, by their first eight bytes, and for each the position in a space at which it was found: open
 * addressing, 16 bytes a hash. Filled once; then looked up and marked by many threads.
 *
 * <p>Eight bytes do not prove a match: whoever uses a position hashes its text and compares the whole. Of a million hashes
 * and all IPv4 addresses, one false match comes about in 4,000 runs.
 */
final class HashIndex {

    /** A table of long and int that is three quarters full. */
    static final int BYTES_PER_HASH = 16;

    private static final int EMPTY = 0;

    private final long[] keys;
    private final AtomicIntegerArray places;
    private final int size;
    private final AtomicInteger found = new AtomicInteger();

    /** Positions for which there is no place in the table: a second match of one key, and the last of 2^32. */
    private final Map<Long, List<Long>> others = new ConcurrentHashMap<>();

    /** @param hashes what {@link #key} gives, each once, in any order */
    HashIndex(long[] hashes) {
        int slots = Math.toIntExact(hashes.length + hashes.length / 3L + 1);
        this.keys = new long[slots];
        this.places = new AtomicIntegerArray(slots);
        this.size = hashes.length;
        for (long key : hashes) {
            keys[slot(key)] = key;
        }
    }

    /** The first eight bytes of a hash; never 0, which marks an empty slot. */
    static long key(byte[] hash) {
        long key = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            key = (key << 8) | (hash[i] & 0xff);
        }
        return key == 0 ? 1 : key;
    }

    /** Called for every text of the space. */
    void tried(long key, long position) {
        int slot = slot(key);
        if (keys[slot] == key) {
            mark(slot, key, position);
        }
    }

    private void mark(int slot, long key, long position) {
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

    /** How many hashes are looked for. */
    int size() {
        return size;
    }

    /** How many of them were found. */
    int found() {
        return found.get();
    }

    /** The key's slot, or the empty one where it would be. Hashes are even as they are. */
    private int slot(long key) {
        int slot = (int) Math.unsignedMultiplyHigh(key, keys.length);
        while (keys[slot] != key && keys[slot] != 0) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        return slot;
    }
}
