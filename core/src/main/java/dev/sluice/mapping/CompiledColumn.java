package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Default;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * One column, ready to be filled.
 *
 * @param wholeValue whether it accepts objects and arrays as they are
 * @param reader converts a JSON value that is not {@code null} to the column's value, or the {@link Reason} why there is
 *     none. The parser is on the value's first token and is left there, except by a reader of whole values, which leaves it
 *     on the last
 */
record CompiledColumn(
        String name,
        boolean required,
        @Nullable Default fallback,
        boolean wholeValue,
        Function<JsonParser, Object> reader) {

    /** What replaces an absent value: a value, a {@link Reason}, or null for SQL's NULL. */
    @Nullable
    Object absent(Instant sentAt) {
        if (fallback == null) {
            return required ? Reason.MISSING : null;
        }
        return fallback.value(sentAt);
    }
}
