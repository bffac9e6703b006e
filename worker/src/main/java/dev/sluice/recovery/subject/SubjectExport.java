package dev.sluice.recovery.subject;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Recovered;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.MaskedFields;
import dev.sluice.recovery.unmask.TokenRequest;
import dev.sluice.recovery.unmask.TokenResult;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Exports a subject's rows with their values recovered, in two steps: {@link #contents} says which tokens must be opened, {@link
 * dev.sluice.recovery.unmask.Unmask} opens them once the database has permitted and audited that, and {@link #forEach} puts the
 * values into the rows. Only the values are held in memory. Thread-safe.
 */
public final class SubjectExport {

    /** One audit entry holds all tokens of an export. */
    private static final int MAX_TOKENS = 10_000;

    private final PipelineSpec spec;
    private final MaskedFields fields;
    private final SubjectRows rows;

    /** @param database for maintenance: without an index on the subject's column the whole table is read */
    public SubjectExport(Database database, PipelineSpec spec, MaskedFields fields) {
        this.spec = spec;
        this.fields = fields;
        this.rows = new SubjectRows(database, spec);
    }

    /**
     * What an export has to open.
     *
     * @param rows how many
     * @param tokens the different ones of these rows that permission is needed for
     */
    public record Contents(long rows, List<TokenRequest> tokens) {

        /** Copies the list. */
        public Contents {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A column's value in an exported row.
     *
     * @param column the pipeline's column
     * @param text as it is stored, null for NULL; masked if the column is
     * @param recovered what became of it; null if the column is not masked, or NULL
     */
    public record ExportedValue(Column column, @Nullable String text, @Nullable Recovered recovered) {

        /** The column only. */
        @Override
        public String toString() {
            return "ExportedValue[" + column + "]";
        }
    }

    /**
     * Reads what there is to open; opens nothing.
     *
     * @throws InfrastructureException when the table cannot be read, here and below; NOT_PERMITTED when the rows hold more
     *     different values than one audit entry does
     */
    public Contents contents(Subject subject) {
        List<TokenRequest> tokens = new ArrayList<>();
        rows.distinct(subject, fields.reversible(), MAX_TOKENS + 1)
                .forEach((column, texts) -> tokens.addAll(fields.stored(column, texts).stream()
                        .filter(token -> token.refusal() == null)
                        .toList()));
        if (tokens.size() > MAX_TOKENS) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "the rows hold more than " + MAX_TOKENS
                            + " different masked values, which is more than one entry of"
                            + " the audit may hold; nothing was opened");
        }
        return new Contents(rows.count(subject), tokens);
    }

    /**
     * Passes on every row, in no particular order, while it is read. A row that was stored after {@link #contents} may hold
     * tokens that nobody was permitted to open: these stay closed.
     *
     * @param opened the contents' tokens, or others of the pipeline
     */
    public void forEach(Subject subject, Opened opened, Consumer<List<ExportedValue>> reader) {
        Map<String, Recovered> recovered = new HashMap<>();
        for (TokenResult result : opened.results()) {
            recovered.put(key(result.request().column(), result.request().text()), result.recovered());
        }
        rows.forEach(subject, row -> reader.accept(values(row, recovered)));
    }

    private List<ExportedValue> values(List<@Nullable String> row, Map<String, Recovered> recovered) {
        List<ExportedValue> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Column column = spec.columns().get(i);
            String text = row.get(i);
            boolean isMasked = column.mask() != null && text != null;
            values.add(new ExportedValue(column, text, isMasked ? recovered(column.name(), text, recovered) : null));
        }
        return values;
    }

    private Recovered recovered(String column, String text, Map<String, Recovered> recovered) {
        Recovered known = recovered.get(key(column, text));
        return known == null ? fields.closed(column, text) : known;
    }

    /** A token has no space. */
    private static String key(@Nullable String column, String token) {
        return column + " " + token;
    }
}
