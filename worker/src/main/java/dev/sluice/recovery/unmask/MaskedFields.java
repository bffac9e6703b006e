package dev.sluice.recovery.unmask;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnMasks;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Recovered.Refused;
import dev.sluice.mask.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The masked columns of a pipeline with their keys: identifies a token's column and opens the token. Thread-safe. */
public final class MaskedFields {

    private final Map<String, ColumnMasks> reversible = new LinkedHashMap<>();
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Keysets keysets;

    /** @throws dev.sluice.keys.KeysException when the keysets lack one that a mask needs */
    public MaskedFields(PipelineSpec spec, Keysets keysets) {
        this.keysets = keysets;
        for (Column column : spec.columns()) {
            if (column.mask() != null && column.mask().kind() == MaskKind.DETERMINISTIC_AEAD) {
                reversible.put(column.name(), new ColumnMasks(spec, column, keysets));
            }
            if (column.mask() != null) {
                columns.put(Masks.field(spec.name(), column.name()), column.name());
            }
        }
    }

    /** The columns whose tokens can be unmasked. */
    public List<String> reversible() {
        return List.copyOf(reversible.keySet());
    }

    /**
     * Classifies texts; opens nothing.
     *
     * @param texts in the order requested
     * @param column that all of them belong to, one of {@link #reversible}; null to use the key in each
     */
    public List<TokenRequest> sort(List<String> texts, @Nullable String column) {
        return IntStream.range(0, texts.size())
                .mapToObj(index -> sort(index + 1, texts.get(index), column))
                .toList();
    }

    /**
     * Classifies texts that a column of the table holds; opens nothing. A token whose key belongs to another column is refused.
     *
     * @param column one of {@link #reversible}
     */
    public List<TokenRequest> stored(String column, List<String> texts) {
        return sort(texts, null).stream()
                .map(token -> token.refusal() != null || column.equals(token.column())
                        ? token
                        : new TokenRequest(token.place(), token.text(), column, Refusal.OTHER_FIELD))
                .toList();
    }

    /** Why a text that a masked column holds was not opened. */
    public Refused closed(String column, String text) {
        if (!reversible.containsKey(column)) {
            return new Refused(Refusal.NOT_REVERSIBLE);
        }
        Refusal refusal = stored(column, List.of(text)).getFirst().refusal();
        return new Refused(refusal == null ? Refusal.NOT_PERMITTED : refusal);
    }

    private TokenRequest sort(int place, String text, @Nullable String given) {
        if (!TokenRequest.isToken(text)) {
            return new TokenRequest(place, text, null, Refusal.MALFORMED);
        }
        if (given != null) {
            return new TokenRequest(place, text, given, null);
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

    Recovered open(TokenRequest request) {
        ColumnMasks mask = request.column() == null ? null : reversible.get(request.column());
        if (request.refusal() != null || mask == null) {
            return new Refused(request.refusal() == null ? Refusal.OTHER_FIELD : request.refusal());
        }
        return mask.recover(request.text());
    }
}
