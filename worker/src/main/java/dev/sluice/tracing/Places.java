package dev.sluice.tracing;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a worker reads and writes, by the names that its spans have.
 *
 * @param queue the bare name
 * @param queueUrl null where the queue is set by its name
 * @param table with its schema, as the pipeline names it
 */
public record Places(String queue, @Nullable URI queueUrl, String table) {}
