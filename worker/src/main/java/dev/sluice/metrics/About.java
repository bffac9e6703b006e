package dev.sluice.metrics;

/**
 * What a worker is, for whoever looks at its figures.
 *
 * @param version of the program
 * @param pipeline its name
 * @param queue the queue's name or URL
 * @param table qualified
 * @param consumers batches stored in parallel
 */
public record About(String version, String pipeline, String queue, String table, int consumers) {}
