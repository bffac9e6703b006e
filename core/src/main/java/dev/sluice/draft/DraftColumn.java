package dev.sluice.draft;

import dev.sluice.mapping.Convert;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a draft.
 *
 * @param name the column's name
 * @param path the field's names, from the root
 * @param type as in a pipeline file; of a masked column null: its width follows from the mask
 * @param required whether every sample has a value
 * @param convert null for none
 * @param mask null for none
 * @param form the mask's form
 * @param clearBytes the longest value that a masked column is to hold, in bytes of UTF-8
 * @param why why it is masked, or what is odd about it; may be empty
 */
public record DraftColumn(
        String name,
        List<String> path,
        @Nullable String type,
        boolean required,
        @Nullable Convert convert,
        @Nullable MaskKind mask,
        CanonicalForm form,
        int clearBytes,
        String why) {

    /** Beyond this, a width says nothing. */
    private static final int WIDE = 2_000;

    /** Copies the path. */
    public DraftColumn {
        path = List.copyOf(path);
    }

    /** Whether it is masked. */
    public boolean masked() {
        return mask != null;
    }

    /** The same column with values masked as they are, for values that do not have the form. */
    DraftColumn asText() {
        return new DraftColumn(
                name,
                path,
                type,
                required,
                convert,
                mask,
                CanonicalForm.TEXT,
                clearBytes,
                why + "; not all have one form");
    }

    String sqlType() {
        if (mask == null) {
            return String.valueOf(type);
        }
        long width = Masks.maxLength(new MaskSpec(mask, form, false, null), clearBytes);
        return width > WIDE ? "text" : "varchar(" + width + ")";
    }

    String maskYaml() {
        if (mask == null) {
            return "";
        }
        String as = form == CanonicalForm.TEXT ? "" : ", as: " + form.label();
        return ", mask: { kind: " + mask.label() + as + " }";
    }

    /** As {@code from} has it: a name, or a JSON pointer (RFC 6901). */
    public String from() {
        if (path.size() == 1 && !path.get(0).startsWith("/")) {
            return path.get(0);
        }
        StringBuilder pointer = new StringBuilder();
        path.forEach(name -> pointer.append('/').append(name.replace("~", "~0").replace("/", "~1")));
        return pointer.toString();
    }
}
