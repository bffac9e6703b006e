package dev.sluice.recovery.unmask;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Sample;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks a clear value up: its tokens under every enabled key, and the rows that hold one. That confirms or refutes a
 * guess, so leave is asked for and committed to the audit before the table is read. The audit gets the tokens, never the
 * value; so only columns with keys can be searched, since the hash that {@code sha256} makes is as good as the value.
 * Thread-safe.
 */
public final class ValueLookup {

    private final PipelineSpec spec;
    private final Keysets keysets;
    private final RecoveryPolicy permissions;
    private final TableReader table;

    /** @param table the pipeline's */
    public ValueLookup(PipelineSpec spec, Keysets keysets, RecoveryPolicy permissions, TableReader table) {
        this.spec = spec;
        this.keysets = keysets;
        this.permissions = permissions;
        this.table = table;
    }

    /** What came of looking. */
    public sealed interface Found {

        /**
         * @param tokens what the value may stand as, by column, under the primary key first
         * @param rows some of the rows that hold one, as they are stored
         */
        record Rows(Map<String, List<String>> tokens, Sample rows) implements Found {}

        /** Nothing was looked up. */
        record Withheld(Denied why) implements Found {}
    }

    /** The columns of the pipeline that can be searched. */
    public static List<String> searchable(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(ValueLookup::isKeyed)
                .map(Column::name)
                .toList();
    }

    /** Those that hold addresses. */
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
     * The tokens of a clear value; looks nowhere.
     *
     * @param columns some of {@link #searchable}
     * @return by column; no column when the value is not of the form that theirs are of
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
     * Asks for leave, then reads the table.
     *
     * @param tokens of one clear value, as {@link #tokens} gives them; at least one column
     * @param limit rows at the most, at least 0
     * @throws dev.sluice.failure.InfrastructureException when the entry of the audit could not be committed, or the table
     *     not be read
     */
    public Found find(Purpose purpose, Map<String, List<String>> tokens, int limit) {
        List<String> all = new ArrayList<>();
        tokens.values().forEach(all::addAll);
        return switch (permissions.find(purpose, List.copyOf(tokens.keySet()), all)) {
            case Denied denied -> new Found.Withheld(denied);
            case Granted granted -> new Found.Rows(tokens, table.find(tokens, limit));
        };
    }
}
