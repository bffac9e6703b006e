package dev.sluice.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Under what an original was sealed.
 *
 * @param version of the pipeline file; of the last one that rejected the record, when {@code protection} is not null
 * @param protection the {@link dev.sluice.mapping.FieldProtection#text} that the original is bound to; null for none
 */
public record Sealing(String version, @Nullable String protection) {}
