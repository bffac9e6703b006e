package dev.sluice.recovery.rewrap;

import dev.sluice.keys.KeyInfo;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Kept;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Masked;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces tokens of other keys by the token of the same value under the column's primary key. A value that no enabled key
 * of the column opens stays.
 */
final class KeyReplacement implements Replacement {

    private final String column;
    private final ReversibleMask mask;
    private final List<String> primaryPrefixes;

    /** @param primary the key that {@code mask} masks with */
    KeyReplacement(String column, ReversibleMask mask, KeyInfo primary) {
        this.column = column;
        this.mask = mask;
        this.primaryPrefixes = Tokens.prefixes(primary.id());
    }

    @Override
    public String column() {
        return column;
    }

    // The prefixes are base64url, so they need no escape.
    @Override
    public String condition(String text) {
        return primaryPrefixes.stream()
                .collect(
                        Collectors.joining("', '", "left(" + text + ", " + Tokens.PREFIX_LENGTH + ") NOT IN ('", "')"));
    }

    @Override
    public @Nullable NewValue replace(String stored) {
        if (primaryPrefixes.stream().anyMatch(stored::startsWith)) {
            return null;
        }
        Recovered recovered = mask.recover(stored);
        return recovered instanceof Recovered.Clear clear
                ? masked(clear.value())
                : new Kept(((Recovered.Refused) recovered).why().label());
    }

    private NewValue masked(String clear) {
        String token = mask.mask(clear);
        return token == null ? new Kept(Recovered.Refusal.NOT_AUTHENTIC.label()) : new Masked(token);
    }
}
