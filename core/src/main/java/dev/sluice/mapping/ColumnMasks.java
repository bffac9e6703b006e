package dev.sluice.mapping;

import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The masks by which the tokens of one column are read back: the same for all, or with the keys of the tenant that the key
 * id in a token belongs to. Thread-safe.
 */
public final class ColumnMasks {

    private final PipelineSpec spec;
    private final Column column;
    private final Keysets keysets;
    private final @Nullable ReversibleMask same;
    private final Map<String, ReversibleMask> byTenant = new ConcurrentHashMap<>();

    /**
     * @param column masked by {@link MaskKind#DETERMINISTIC_AEAD}
     * @throws KeysException if the keysets lack the one that it needs
     */
    public ColumnMasks(PipelineSpec spec, Column column, Keysets keysets) {
        this.spec = spec;
        this.column = column;
        this.keysets = keysets;
        this.same = spec.tenants() == null ? mask(keysets) : null;
    }

    /** Recovers the clear value, as {@link ReversibleMask#recover} does. */
    public Recovered recover(String token) {
        ReversibleMask mask = maskOf(token);
        return mask == null
                ? new Recovered.Refused(Tokens.keyId(token).isEmpty() ? Refusal.MALFORMED : refusal(token))
                : mask.recover(token);
    }

    /** The mask that made a token; null if masks differ by tenant and the token's key is of none, or was destroyed. */
    public @Nullable ReversibleMask maskOf(String token) {
        if (same != null) {
            return same;
        }
        OptionalInt keyId = Tokens.keyId(token);
        Keysets own = keyId.isEmpty() ? keysets : keysets.holding(keyId.getAsInt());
        return own.tenant()
                .map(tenant -> byTenant.computeIfAbsent(tenant, absent -> mask(own)))
                .orElse(null);
    }

    private Refusal refusal(String token) {
        String field = Masks.field(spec.name(), column.name());
        Refusal refusal = Refusal.ofKey(Tokens.keyId(token).orElseThrow(), field, keysets);
        return refusal == null ? Refusal.OTHER_FIELD : refusal;
    }

    private ReversibleMask mask(Keysets own) {
        return (ReversibleMask) Objects.requireNonNull(Mappers.mask(spec, column, own));
    }
}
