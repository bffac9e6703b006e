package dev.sluice.pipeline;

import java.time.Instant;

/**
 * Something that fails, and is tried again until it succeeds.
 *
 * @param since when the first try failed
 * @param because why the last one did: the failure's message, for operators
 * @param nextTryAt when it is tried next; in the past while a try is under way
 */
public record Outage(Instant since, String because, Instant nextTryAt) {}
