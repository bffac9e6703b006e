package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.EmailFold;
import dev.sluice.mask.Keep;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import dev.sluice.mask.PhoneNumber;
import dev.sluice.yaml.YamlMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the mask of one column of a pipeline file and checks its parts against each other and the column's type. */
final class MaskReader {

    private static final String DEFAULT_REPLACEMENT = "[redacted]";

    private final YamlMap column;
    private final YamlMap mask;

    private MaskReader(YamlMap column) {
        this.column = column;
        this.mask = column.map("mask");
    }

    /** @param column a column with a mask */
    static MaskSpec read(YamlMap column, ColumnType type) {
        MaskReader reader = new MaskReader(column);
        MaskSpec spec = reader.spec();
        reader.checkForm(spec);
        reader.checkWeakness(spec);
        reader.checkType(spec, type);
        return spec;
    }

    private MaskSpec spec() {
        mask.allowOnly(SpecSection.MASK.names());
        mask.requiredText("kind", SpecKey.KIND.value().expected());
        MaskKind kind = mask.choice("kind", MaskKind.values(), MaskKind.DETERMINISTIC_AEAD);
        CanonicalForm form = mask.choice("as", CanonicalForm.values(), CanonicalForm.TEXT);
        return new MaskSpec(
                kind,
                form,
                mask.flag("accept-reversible", false),
                replacement(kind),
                fold(form),
                region(form),
                keep(kind));
    }

    private @Nullable String replacement(MaskKind kind) {
        String text = mask.text("replacement");
        if (kind != MaskKind.REDACT) {
            allowOnlyWith("replacement", "kind: redact");
            return null;
        }
        return text == null ? DEFAULT_REPLACEMENT : text;
    }

    private Set<EmailFold> fold(CanonicalForm form) {
        if (form != CanonicalForm.EMAIL) {
            allowOnlyWith("fold", "as: email");
            return Set.of();
        }
        return mask.choices("fold", EmailFold.values());
    }

    private @Nullable String region(CanonicalForm form) {
        String region = mask.text("region");
        if (form != CanonicalForm.PHONE) {
            allowOnlyWith("region", "as: phone");
            return null;
        }
        if (region != null && !PhoneNumber.regions().contains(region)) {
            mask.problem("region", "a country of ISO 3166-1 was expected, in two upper-case letters such as DE");
            return null;
        }
        return region;
    }

    private @Nullable Keep keep(MaskKind kind) {
        Keep keep = mask.choice("keep", Keep.values());
        if (kind != MaskKind.PARTIAL) {
            allowOnlyWith("keep", "kind: partial");
            return null;
        }
        if (keep == null && !mask.has("keep")) {
            mask.problem("kind", "partial needs keep: last-4 or keep: domain");
        }
        return keep;
    }

    private void allowOnlyWith(String key, String other) {
        if (mask.has(key)) {
            mask.problem(key, "applies to " + other + " only");
        }
    }

    private void checkForm(MaskSpec spec) {
        if (spec.kind() == MaskKind.GENERALIZE && spec.form() != CanonicalForm.IP) {
            mask.problem("kind", "generalize works on addresses: add as: ip");
        }
        if (spec.kind() == MaskKind.REDACT && spec.form() != CanonicalForm.TEXT) {
            mask.problem("as", "redact stores a constant whatever the value: remove as");
        }
        if (spec.keep() != null && !Masks.suits(spec.keep(), spec.form())) {
            mask.problem(
                    "keep",
                    spec.keep() == Keep.DOMAIN
                            ? "only an e-mail address has a domain: add as: email"
                            : "last-4 works as text, phone or card");
        }
    }

    private void checkWeakness(MaskSpec spec) {
        if (spec.kind() == MaskKind.SHA256 && !spec.acceptReversible()) {
            mask.problem(
                    "kind",
                    "anyone who reads the table can reverse plain SHA-256 of addresses and short ids in minutes;"
                            + " use deterministic-aead, or set accept-reversible: true");
        }
    }

    private void checkType(MaskSpec spec, ColumnType type) {
        if (!(type instanceof Varchar || type == Simple.TEXT)) {
            column.problem("type", "a masked column holds text: varchar(n) or text was expected");
        }
        // A problem of the mask itself is reported already.
        boolean complete =
                spec.kind() != MaskKind.PARTIAL || (spec.keep() != null && Masks.suits(spec.keep(), spec.form()));
        if (complete && type instanceof Varchar varchar && varchar.length() < Masks.maxLength(spec, 0)) {
            column.problem(
                    "type",
                    "too narrow for the mask, which writes at least " + Masks.maxLength(spec, 0) + " characters");
        }
    }
}
