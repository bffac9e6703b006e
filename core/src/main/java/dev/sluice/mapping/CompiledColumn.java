package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Default;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One column, ready to be filled.
 *
 * @param wholeValue whether it accepts objects and arrays as they are
 */
record CompiledColumn(
        String name, boolean required, @Nullable Default fallback, boolean wholeValue, ValueReader reader) {

    /** What replaces an absent value: a value, a {@link Reason}, or null for SQL's NULL. */
    @Nullable
    Object absent(Instant sentAt) {
        if (fallback == null) {
            return required ? Reason.MISSING : null;
        }
        return fallback.value(sentAt);
    }
}
