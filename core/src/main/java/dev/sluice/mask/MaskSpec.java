package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/**
 * What a pipeline says of one column's mask, checked in itself, not yet bound to keys.
 *
 * @param kind how the value is masked
 * @param form what the text is brought to before it is masked
 * @param acceptReversible the author's word that a plain hash of a small domain can be reversed by anyone; only
 *     {@link MaskKind#SHA256} asks for it
 * @param replacement the constant of {@link MaskKind#REDACT}; null elsewhere
 */
public record MaskSpec(MaskKind kind, CanonicalForm form, boolean acceptReversible, @Nullable String replacement) {}
