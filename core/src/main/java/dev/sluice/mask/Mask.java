package dev.sluice.mask;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a clear text by a value that may be stored. An instance belongs to one column of one pipeline and holds its
 * keyset, associated data and canonical form, so the same text in two columns gives two tokens.
 *
 * <p>Thread-safe. Deterministic as long as the keyset's primary key stays the same: equal canonical values give equal
 * results.
 */
public interface Mask {

    /**
     * Called by the mapper for every present value of the column.
     *
     * @param clear the value as received in the message; never null, may be empty
     * @return the masked text; null if {@code clear} does not have the canonical form of this mask ({@code as: ip}):
     *     the mapper then rejects the record. The result may be longer than the column is wide; the mapper rejects that
     *     too.
     */
    @Nullable
    String mask(String clear);

    /**
     * Every masked text that the table may hold for a value while keys rotate: one for each enabled key of the field.
     * Called for look-ups, never by the mapper.
     *
     * @param clear any text
     * @return the result of {@link #mask}, then those under the other enabled keys in file order; empty if {@code
     *     clear} does not have the canonical form. A mask without keys returns one.
     */
    default List<String> candidates(String clear) {
        String masked = mask(clear);
        return masked == null ? List.of() : List.of(masked);
    }
}
