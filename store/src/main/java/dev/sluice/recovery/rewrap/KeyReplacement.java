package dev.sluice.recovery.rewrap;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnMasks;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Kept;
import dev.sluice.recovery.rewrap.Replacement.NewValue.Masked;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces tokens of other keys by the token of the same value under the column's primary key, or that of the token's
 * tenant. A value that no enabled key of the column opens stays.
 */
final class KeyReplacement implements Replacement {

    private final String column;
    private final ColumnMasks masks;
    private final Set<Integer> primaryKeys = new HashSet<>();
    private final String condition;

    /** @param keysets with a primary key for the column, unless its keys differ by tenant */
    KeyReplacement(PipelineSpec spec, Column column, Keysets keysets) {
        this.column = column.name();
        this.masks = new ColumnMasks(spec, column, keysets);
        String field = Masks.field(spec.name(), column.name());
        Set<String> tenants = keysets.tenants();
        List<KeyInfo> keys = keysets.list().stream()
                .filter(key -> key.field().equals(field))
                .filter(key -> spec.tenants() == null ? key.tenant() == null : tenants.contains(key.tenant()))
                .toList();
        keys.stream().filter(KeyInfo::primary).map(KeyInfo::id).forEach(primaryKeys::add);
        // Of thousands of tenants few rotate at once, and what a destroyed one left is not looked at again and again.
        this.condition = spec.tenants() == null
                ? " NOT IN ('" + prefixes(keys, true) + "')"
                : " IN ('" + prefixes(keys, false) + "')";
    }

    // The prefixes are base64url, so they need no escape.
    private static String prefixes(List<KeyInfo> keys, boolean primary) {
        return keys.stream()
                .filter(key -> key.primary() == primary)
                .flatMap(key -> Tokens.prefixes(key.id()).stream())
                .collect(Collectors.joining("', '"));
    }

    @Override
    public String column() {
        return column;
    }

    @Override
    public String condition(String text) {
        return "left(" + text + ", " + Tokens.PREFIX_LENGTH + ")" + condition;
    }

    @Override
    public @Nullable NewValue replace(String stored) {
        String prefix = stored.substring(0, Math.min(stored.length(), Tokens.PREFIX_LENGTH));
        if (Tokens.keyIdOfPrefix(prefix).stream().anyMatch(primaryKeys::contains)) {
            return null;
        }
        Recovered recovered = masks.recover(stored);
        return recovered instanceof Recovered.Clear clear
                ? masked(masks.maskOf(stored), clear.value())
                : new Kept(((Recovered.Refused) recovered).why().label());
    }

    private static NewValue masked(@Nullable ReversibleMask mask, String clear) {
        String token = mask == null ? null : mask.mask(clear);
        return token == null ? new Kept(Recovered.Refusal.NOT_AUTHENTIC.label()) : new Masked(token);
    }
}
