package dev.sluice.keys;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** {@link Sealer} over Tink, whose primitive is thread-safe and takes a random nonce of 12 bytes for each call. */
final class TinkSealer implements Sealer {

    private final Aead aead;

    TinkSealer(Aead aead) {
        this.aead = aead;
    }

    @Override
    public byte[] seal(byte[] clear, int offset, int length, String associatedData) {
        byte[] part = Arrays.copyOfRange(clear, offset, offset + length);
        try {
            return aead.encrypt(part, associatedData.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("AES-GCM failed on this Java runtime");
        } finally {
            Arrays.fill(part, (byte) 0);
        }
    }

    @Override
    public byte[] unseal(byte[] sealed, String associatedData) {
        try {
            return aead.decrypt(sealed, associatedData.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException notAuthentic) {
            throw new KeysException("a sealed original cannot be opened: it was altered, it belongs to another message,"
                    + " or its key is not among the enabled keys of the keyset '" + Keysets.QUARANTINE + "'");
        }
    }
}
