package dev.sluice.mask;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns one clear text into what may be stored in its place. An instance belongs to one column of one pipeline and holds
 * what that needs (keyset, associated data, canonical form), so that the same text in two columns gives two tokens.
 *
 * <p>Thread-safe, and deterministic while its keyset's primary key stays: equal canonical values give equal results.
 */
public interface Mask {

    /**
     * Called by the mapper for every present value of the column.
     *
     * @param clear the value as it stood in the message; never null, may be empty
     * @return the masked text; null when {@code clear} is not of the canonical form that this mask asks for ({@code as:
     *     ip}), whereupon the mapper rejects the record. The result may be longer than the column is wide: that, too, is
     *     the mapper's to reject.
     */
    @Nullable
    String mask(String clear);

    /**
     * What a value may stand as in the table while keys rotate: its masked text under every enabled key of the field.
     * Called for look-ups and never by the mapper.
     *
     * @param clear any text
     * @return what {@link #mask} gives, then those under the other enabled keys in the order of the file; empty when
     *     {@code clear} is not of the canonical form. A mask without keys gives one.
     */
    default List<String> candidates(String clear) {
        String masked = mask(clear);
        return masked == null ? List.of() : List.of(masked);
    }
}
