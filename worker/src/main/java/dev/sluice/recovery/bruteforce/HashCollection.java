package dev.sluice.recovery.bruteforce;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Arrays;

/** Distinct hashes by their first eight bytes, eight bytes each and as much again while it grows. Thread-safe. */
final class HashCollection {

    private static final int SMALLEST = 1024;

    private final long most;
    private long[] keys = new long[SMALLEST];
    private int size;

    /** @param most distinct hashes that are taken */
    HashCollection(long most) {
        this.most = most;
    }

    /**
     * Takes a hash's {@link HashIndex#key}.
     *
     * @throws InfrastructureException CONFIG when there are too many
     */
    synchronized void add(long key) {
        if (size == keys.length) {
            makeRoom();
        }
        keys[size++] = key;
    }

    /** Each once. Ends the collection. */
    synchronized long[] distinct() {
        unite();
        requireFew();
        return Arrays.copyOf(keys, size);
    }

    // Grows by half at least, so that sorting stays rare beside adding.
    private void makeRoom() {
        unite();
        requireFew();
        if (size > keys.length / 2) {
            keys = Arrays.copyOf(keys, Math.toIntExact(keys.length * 2L));
        }
    }

    private void unite() {
        Arrays.sort(keys, 0, size);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || keys[i] != keys[i - 1]) {
                keys[kept++] = keys[i];
            }
        }
        size = kept;
    }

    private void requireFew() {
        if (size > most) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "there are more than " + most + " distinct hashes, of " + HashIndex.BYTES_PER_HASH
                            + " bytes each; take one column at a time (--column), or give Java more memory (-Xmx in"
                            + " JAVA_TOOL_OPTIONS) and say --max-hashes");
        }
    }
}
