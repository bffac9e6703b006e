package dev.sluice.recovery.unmask;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks up a clear value: its tokens under every enabled key, and the rows that have one. That confirms or refutes a guess, so
 * permission is requested and committed to the audit before the table is read. The audit records the tokens, never the value;
 * so only columns with keys can be searched, since a {@code sha256} hash reveals the value. Thread-safe.
 */
public final class ValueLookup {

    private final PipelineSpec spec;
    private final Keysets keysets;
    private final RecoveryPolicy policy;
    private final TableReader table;

    /** @param table the pipeline's */
    public ValueLookup(PipelineSpec spec, Keysets keysets, RecoveryPolicy policy, TableReader table) {
        this.spec = spec;
        this.keysets = keysets;
        this.policy = policy;
        this.table = table;
    }

    /** The outcome of a look-up. */
    public sealed interface Found permits Found.Rows, Denied {

        /**
         * @param tokens of the value, by column, the primary key's first
         * @param rows some of the rows that have one, as they are stored
         */
        record Rows(Map<String, List<String>> tokens, RowSample rows) implements Found {}
    }

    /** The pipeline's columns that can be searched. */
    public static List<String> searchable(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(ValueLookup::isKeyed)
                .map(Column::name)
                .toList();
    }

    /** Those that contain IP addresses. */
    public static List<String> addresses(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column ->
                        isKeyed(column) && Objects.requireNonNull(column.mask()).form() == CanonicalForm.IP)
                .map(Column::name)
                .toList();
    }

    private static boolean isKeyed(Column column) {
        return column.mask() != null && column.mask().kind().keyed();
    }

    /**
     * The tokens of a clear value; reads nothing.
     *
     * @param columns some of {@link #searchable}
     * @return by column; without columns whose values have another form
     */
    public Map<String, List<String>> tokens(List<String> columns, String clear) {
        Map<String, List<String>> tokens = new LinkedHashMap<>();
        for (Column column : spec.columns()) {
            Mask mask = columns.contains(column.name()) ? Mappers.mask(spec, column, keysets) : null;
            List<String> candidates = mask == null ? List.of() : mask.candidates(clear);
            if (!candidates.isEmpty()) {
                tokens.put(column.name(), candidates);
            }
        }
        return tokens;
    }

    /**
     * Requests permission, then reads the table.
     *
     * @param tokens of one clear value, as {@link #tokens} returns them; at least one column
     * @param limit at most so many rows, at least 0
     * @param listener hears how far the table is read, if no index answers
     * @throws dev.sluice.failure.InfrastructureException when the audit entry could not be committed or the table could not
     *     be read
     */
    public Found find(Purpose purpose, Map<String, List<String>> tokens, int limit, TableReader.ScanListener listener) {
        List<String> all = new ArrayList<>();
        tokens.values().forEach(all::addAll);
        return switch (policy.find(purpose, List.copyOf(tokens.keySet()), all)) {
            case Denied denied -> denied;
            case Granted granted -> new Found.Rows(tokens, table.find(tokens, limit, listener));
        };
    }
}
