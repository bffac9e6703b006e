package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/**
 * A masked text of known length that is made when it is first asked for. So the texts of one column can be made one after
 * another, which costs less: AES prepares a key for use once, not once per text (see {@link
 * dev.sluice.keys.DeterministicCipher}). Until then it holds the clear bytes, and gives them to nobody. Used by one thread.
 */
public final class MaskedText {

    private final DeterministicAeadMask mask;
    private final int length;
    private byte @Nullable [] clear;
    private String text = "";

    /** @param clear canonical and padded, not modified */
    MaskedText(DeterministicAeadMask mask, byte[] clear) {
        this.mask = mask;
        this.clear = clear;
        this.length = DeterministicAeadMask.tokenLength(clear);
    }

    /** The length of the masked text in characters. */
    public int length() {
        return length;
    }

    /** The masked text, as {@link Mask#mask} gives it. */
    public String text() {
        if (clear != null) {
            text = mask.token(clear);
            clear = null;
        }
        return text;
    }

    /** The length. */
    @Override
    public String toString() {
        return "MaskedText[" + length + " characters]";
    }
}
