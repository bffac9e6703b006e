package dev.sluice.draft;

import dev.sluice.mapping.PipelineSpec.Unwrap;
import dev.sluice.mask.CanonicalForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A first pipeline file. The same samples give the same draft.
 *
 * @param name the pipeline's name
 * @param unwrap the envelope of the samples
 * @param records how many were looked at
 * @param columns in the order of the fields' first occurrence
 * @param omissions the fields that no column reads
 */
public record Draft(String name, Unwrap unwrap, long records, List<DraftColumn> columns, List<Omission> omissions) {

    /** Names that YAML reads as themselves, unquoted. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_/-]*");

    private static final Set<String> YAML_WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    /** Copies the lists. */
    public Draft {
        columns = List.copyOf(columns);
        omissions = List.copyOf(omissions);
    }

    /**
     * Drafts a pipeline.
     *
     * @param title what the pipeline and its table are named after: any text
     */
    public static Draft of(String title, Samples samples) {
        Drafting drafting = Drafting.of(samples.root());
        String name = ColumnNames.normalised(title).replaceAll("_+$", "").replace('_', '-');
        return new Draft(name, samples.unwrap(), samples.records(), drafting.columns, drafting.omissions);
    }

    /**
     * The draft after samples were rejected for these columns: masked without a form if they had one, else left out.
     *
     * @param rejected names of columns
     */
    public Draft without(Set<String> rejected) {
        List<DraftColumn> kept = new ArrayList<>();
        List<Omission> left = new ArrayList<>(omissions);
        for (DraftColumn column : columns) {
            if (!rejected.contains(column.name())) {
                kept.add(column);
            } else if (column.form() != CanonicalForm.TEXT) {
                kept.add(column.asText());
            } else {
                left.add(new Omission(String.join("/", column.path()), "no type takes all samples"));
            }
        }
        return new Draft(name, unwrap, records, kept, left);
    }

    /** The pipeline file. */
    public String yaml() {
        StringBuilder text = new StringBuilder();
        text.append("# Drafted from ")
                .append(records)
                .append(" sample records. Review every column before the first run:\n");
        text.append(
                "# masks of stored rows are expensive to change, and a column that is not masked is stored in clear.\n");
        text.append("pipeline: ").append(name).append('\n');
        text.append("source: { queue: ").append(name);
        text.append(unwrap == Unwrap.NONE ? "" : ", unwrap: " + unwrap.label()).append(" }\n");
        text.append("sink: { table: ").append(ColumnNames.normalised(name)).append(" }\n");
        text.append("columns:\n");
        columns.forEach(column -> append(text, column));
        if (!omissions.isEmpty()) {
            text.append("# Left out:\n");
            omissions.forEach(omission -> text.append("#   ")
                    .append(quoted(omission.where()))
                    .append(": ")
                    .append(omission.why())
                    .append('\n'));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, DraftColumn column) {
        if (!column.why().isEmpty()) {
            String why = column.why().startsWith("; ") ? column.why().substring(2) : column.why();
            text.append("  # ")
                    .append(column.masked() ? "Masked: " : "")
                    .append(why)
                    .append(".\n");
        }
        text.append("  ").append(YAML_WORDS.contains(column.name()) ? "\"" + column.name() + "\"" : column.name());
        text.append(": { from: ").append(quoted(column.from().replace("${", "$${")));
        String type = column.sqlType();
        text.append(", type: ").append(type.indexOf(',') < 0 ? type : "\"" + type + "\"");
        text.append(column.required() ? ", required: true" : "");
        text.append(
                column.convert() == null ? "" : ", convert: " + column.convert().label());
        text.append(column.maskYaml()).append(" }\n");
    }

    /** As YAML reads it back; only letters, digits and ASCII stand unescaped. */
    private static String quoted(String name) {
        if (PLAIN.matcher(name).matches() && !YAML_WORDS.contains(name.toLowerCase(Locale.ROOT))) {
            return name;
        }
        StringBuilder text = new StringBuilder("\"");
        name.codePoints().forEach(c -> {
            boolean plain = (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '$') || Character.isLetterOrDigit(c);
            text.append(plain ? Character.toString(c) : String.format(Locale.ROOT, "\\U%08x", c));
        });
        return text.append('"').toString();
    }
}
