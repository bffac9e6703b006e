package dev.sluice.recovery.unmask;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Mask;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The masked columns of a pipeline with their keys: tells of which one a token is, and opens it. Thread-safe. */
public final class MaskedFields {

    private final Map<String, ReversibleMask> reversible = new LinkedHashMap<>();
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Keysets keysets;

    /** @throws dev.sluice.keys.KeysException when the keysets lack one that a mask needs */
    public MaskedFields(PipelineSpec spec, Keysets keysets) {
        this.keysets = keysets;
        for (Column column : spec.columns()) {
            Mask mask = Mappers.mask(spec, column, keysets);
            if (mask instanceof ReversibleMask recoverable) {
                reversible.put(column.name(), recoverable);
            }
            if (mask != null) {
                columns.put(Masks.field(spec.name(), column.name()), column.name());
            }
        }
    }

    /** The columns whose tokens can be turned back. */
    public List<String> reversible() {
        return List.copyOf(reversible.keySet());
    }

    /**
     * Sorts out what is asked for; opens nothing.
     *
     * @param texts in the order asked
     * @param column the one that all of them are said to be of, one of {@link #reversible}; null to go by the key in each
     */
    public List<TokenRequest> sort(List<String> texts, @Nullable String column) {
        List<TokenRequest> asked = new ArrayList<>();
        for (String text : texts) {
            asked.add(sort(asked.size() + 1, text, column));
        }
        return asked;
    }

    private TokenRequest sort(int place, String text, @Nullable String said) {
        if (!TokenRequest.isToken(text)) {
            return new TokenRequest(place, text, null, Refusal.MALFORMED);
        }
        if (said != null) {
            return new TokenRequest(place, text, said, null);
        }
        Optional<KeyInfo> key = keysets.find(Tokens.keyId(text).orElseThrow());
        if (key.isEmpty()) {
            return new TokenRequest(place, text, null, Refusal.UNKNOWN_KEY);
        }
        String column = columns.get(key.get().field());
        if (column == null) {
            return new TokenRequest(place, text, null, Refusal.OTHER_FIELD);
        }
        return new TokenRequest(place, text, column, reversible.containsKey(column) ? null : Refusal.NOT_REVERSIBLE);
    }

    /** Turns one back. */
    Recovered open(TokenRequest asked) {
        ReversibleMask mask = asked.column() == null ? null : reversible.get(asked.column());
        if (asked.refusal() != null || mask == null) {
            return new Recovered.Refused(asked.refusal() == null ? Refusal.OTHER_FIELD : asked.refusal());
        }
        return mask.recover(asked.text());
    }
}
