package dev.sluice.recovery.rewrap;

import dev.sluice.keys.KeyInfo;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import dev.sluice.recovery.rewrap.NewValue.Fresh;
import dev.sluice.recovery.rewrap.NewValue.Kept;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Replaces what was not made by the column's primary key by what that key makes of the same value. What no enabled key of
 * the column opens stays.
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

    // The prefixes are base64url, so that they need no escape.
    @Override
    public String condition(String text) {
        return primaryPrefixes.stream()
                .collect(
                        Collectors.joining("', '", "left(" + text + ", " + Tokens.PREFIX_LENGTH + ") NOT IN ('", "')"));
    }

    @Override
    public boolean concerns(String stored) {
        return primaryPrefixes.stream().noneMatch(stored::startsWith);
    }

    @Override
    public NewValue renew(String stored) {
        return switch (mask.recover(stored)) {
            case Recovered.Clear clear -> masked(clear.value());
            case Recovered.Refused refused -> new Kept(label(refused.why()));
        };
    }

    private NewValue masked(String clear) {
        String token = mask.mask(clear);
        return token == null ? new Kept(label(Recovered.Refusal.NOT_AUTHENTIC)) : new Fresh(token);
    }

    /** A refusal's name in listings and the audit. */
    static String label(Recovered.Refusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
