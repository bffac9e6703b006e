package dev.sluice.recovery.bruteforce;

/**
 * Tells nearly all candidates that are not in an index from those that may be: a Bloom filter of 16 bits per hash, small
 * enough for a processor's cache where the index is not. A hash has three bits, all in one word, so a question costs one
 * read of memory. Never hides a hash that it holds; of others, it lets about one in a hundred through. Filled once, then
 * read by many threads.
 */
final class HashFilter {

    /** One word for four hashes. */
    static final int BYTES_PER_HASH = 2;

    private static final int HASHES_PER_WORD = Long.BYTES / BYTES_PER_HASH;

    private final long[] words;

    /**
     * @param keys what {@link HashIndex#key} gives, which is evenly distributed
     * @param count how many of them, from the first on
     */
    HashFilter(long[] keys, int count) {
        this.words = new long[count / HASHES_PER_WORD + 1];
        for (int at = 0; at < count; at++) {
            words[word(keys[at])] |= bits(keys[at]);
        }
    }

    /**
     * Selects the keys that may be held. Reads all words first and judges them afterwards: reads that do not wait for a
     * judgement overlap, and so do their cache misses.
     *
     * @param keys a batch
     * @param count how many keys it has
     * @param read as long as {@code keys}, overwritten
     * @param selected as long as {@code keys}; receives the indices in {@code keys}, ascending
     * @return how many were selected
     */
    int select(long[] keys, int count, long[] read, int[] selected) {
        for (int at = 0; at < count; at++) {
            read[at] = words[word(keys[at])];
        }
        int found = 0;
        for (int at = 0; at < count; at++) {
            long bits = bits(keys[at]);
            if ((read[at] & bits) == bits) {
                selected[found++] = at;
            }
        }
        return found;
    }

    /** By the key's high bits. */
    private int word(long key) {
        return (int) Math.unsignedMultiplyHigh(key, words.length);
    }

    /** By the key's low bits, of which a shift uses six. */
    private static long bits(long key) {
        return 1L << key | 1L << (key >>> 6) | 1L << (key >>> 12);
    }
}
