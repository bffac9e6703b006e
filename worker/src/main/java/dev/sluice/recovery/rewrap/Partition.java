package dev.sluice.recovery.rewrap;

/**
 * A table that holds rows itself: the target, or one of its partitions.
 *
 * @param id its oid
 * @param name as SQL, with its schema
 * @param blocks its size when it was looked up
 */
public record Partition(long id, String name, long blocks) {}
