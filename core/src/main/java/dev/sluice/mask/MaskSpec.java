package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/**
 * The mask of one column as the pipeline file declares it: consistent in itself, not yet bound to keys.
 *
 * @param kind how the value is masked
 * @param form the form that the text is converted to before it is masked
 * @param acceptReversible whether the author accepts that anyone can reverse a plain hash of a small domain; required
 *     only by {@link MaskKind#SHA256}
 * @param replacement the constant of {@link MaskKind#REDACT}; null elsewhere
 */
public record MaskSpec(MaskKind kind, CanonicalForm form, boolean acceptReversible, @Nullable String replacement) {}
