package dev.sluice.mask;

import dev.sluice.keys.DeterministicCipher;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Recovered.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#DETERMINISTIC_AEAD}: a token is base64url of AES-SIV over the canonical bytes (16, or padded UTF-8), under the field's keyset and bound to field and form. Thread-safe, without mutable state.
 */
final class DeterministicAeadMask implements ReversibleMask {

    private final String field;
    private final Canonicalizer form;
    private final byte[] associatedData;
    private final DeterministicCipher cipher;
    private final Keysets keysets;

    DeterministicAeadMask(String field, Canonicalizer form, Keysets keysets) {
        this.field = field;
        this.form = form;
        this.associatedData = Masks.associatedData(field, form.form());
        this.cipher = keysets.deterministicCipher(field);
        this.keysets = keysets;
    }

    /** Length in characters of a token for up to {@code clearBytes} bytes of UTF-8; always 50 for a form of one size. */
    static long tokenLength(CanonicalForm form, int clearBytes) {
        long sealed = form.fixedSize() ? FixedSize.BYTES : Text.paddedLength(clearBytes);
        return Tokens.length(sealed + DeterministicCipher.OVERHEAD_BYTES);
    }

    @Override
    public @Nullable String mask(String clear) {
        byte[] input = form.padded(clear);
        return input == null ? null : token(input);
    }

    @Override
    public @Nullable MaskedText defer(String clear) {
        byte[] input = form.padded(clear);
        return input == null ? null : new MaskedText(this, input);
    }

    /** @param padded the canonical bytes to encrypt */
    String token(byte[] padded) {
        return Tokens.encode(cipher.encrypt(padded, associatedData));
    }

    /** The length of {@link #token}. */
    static int tokenLength(byte[] padded) {
        return Math.toIntExact(Tokens.length((long) padded.length + DeterministicCipher.OVERHEAD_BYTES));
    }

    @Override
    public List<String> candidates(String clear) {
        byte[] input = form.padded(clear);
        return input == null
                ? List.of()
                : cipher.encryptUnderEachKey(input, associatedData).stream()
                        .map(Tokens::encode)
                        .toList();
    }

    @Override
    public Recovered recover(String token) {
        byte[] sealed = Tokens.decode(token);
        if (sealed == null) {
            return new Recovered.Refused(Refusal.MALFORMED);
        }
        Refusal refusal = Refusal.ofKey(Tokens.keyId(sealed), field, keysets);
        return refusal == null ? open(sealed) : new Recovered.Refused(refusal);
    }

    private Recovered open(byte[] sealed) {
        byte[] opened = cipher.decrypt(sealed, associatedData);
        @Nullable String clear = opened == null ? null : form.unpadded(opened);
        return clear == null ? new Recovered.Refused(Refusal.NOT_AUTHENTIC) : new Recovered.Clear(clear);
    }

    /** Shows the field, never a key. */
    @Override
    public String toString() {
        return "DeterministicAeadMask[" + field + "]";
    }
}
