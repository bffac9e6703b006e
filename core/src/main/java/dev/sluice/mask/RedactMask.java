package dev.sluice.mask;

/** {@link MaskKind#REDACT}: the same constant for every value. Stateless. */
final class RedactMask implements Mask {

    private final String replacement;

    RedactMask(String replacement) {
        this.replacement = replacement;
    }

    @Override
    public String mask(String clear) {
        return replacement;
    }
}
