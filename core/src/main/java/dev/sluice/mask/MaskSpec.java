package dev.sluice.mask;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mask of one column as the pipeline file declares it: consistent in itself, not yet bound to keys.
 *
 * @param kind how the value is masked
 * @param form the form that the text is converted to before it is masked
 * @param acceptReversible whether the author accepts that anyone can reverse a plain hash of a small domain; required
 *     only by {@link MaskKind#SHA256}
 * @param replacement the constant of {@link MaskKind#REDACT}; null elsewhere
 * @param fold spellings that count as one; empty but for {@link CanonicalForm#EMAIL}
 * @param region whose national numbers are read, one of {@link PhoneNumber#regions}; null for none, and but for {@link
 *     CanonicalForm#PHONE}
 * @param keep what {@link MaskKind#PARTIAL} leaves readable; null elsewhere
 */
public record MaskSpec(
        MaskKind kind,
        CanonicalForm form,
        boolean acceptReversible,
        @Nullable String replacement,
        Set<EmailFold> fold,
        @Nullable String region,
        @Nullable Keep keep) {

    /** Copies the folds. */
    public MaskSpec {
        fold = Set.copyOf(fold);
    }

    /** Without settings of a form, and without anything kept. */
    public MaskSpec(MaskKind kind, CanonicalForm form, boolean acceptReversible, @Nullable String replacement) {
        this(kind, form, acceptReversible, replacement, Set.of(), null, null);
    }
}
