package dev.sluice.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

/**
 * An encrypted keyset file: Tink's envelope encryption, AES-256-GCM under its own data key, which a {@link
 * KeyEncryptionKey} wraps. Key id and pipeline are stored beside it in cleartext and authenticated with it. Immutable.
 *
 * @param kekId the key that wrapped the data key
 * @param pipeline the pipeline it was made for
 * @param sealed length of the wrapped data key (4 bytes), that key, and the ciphertext
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the parser to the cipher, never compared
record EncryptedKeysets(String kekId, String pipeline, byte[] sealed) implements KeysetForm {

    /** To be changed whenever the content or its encryption changes. */
    private static final String FORM = "sluice-keyset-file|1";

    static EncryptedKeysets seal(KeysetContent content, KeyEncryptionKey key, String pipeline) {
        byte[] clear = content.toJson();
        try {
            return new EncryptedKeysets(
                    key.id(), pipeline, envelope(key).encrypt(clear, associatedData(key.id(), pipeline)));
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("AES-GCM failed on this Java runtime");
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** The encrypted file, in the form of {@link KeysetJson}. */
    byte[] toJson() {
        return ("{\"sluice-keyset-file\":1,\"encryption\":\"aws-kms\",\"kms-key\":\"" + KeysetJson.quoted(kekId)
                        + "\",\"pipeline\":\"" + KeysetJson.quoted(pipeline) + "\",\n\"sealed\":\""
                        + Base64.getEncoder().encodeToString(sealed) + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param origin the file, for messages
     * @throws KeysException if it was altered, or the key does not match
     */
    KeysetContent open(KeyEncryptionKey key, String origin) {
        byte[] clear = decrypt(key, origin);
        try {
            if (KeysetJson.read(clear, origin) instanceof KeysetContent content) {
                return content;
            }
            throw new KeysException(origin + " is encrypted but does not contain keysets");
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private byte[] decrypt(KeyEncryptionKey key, String origin) {
        try {
            return envelope(key).decrypt(sealed, associatedData(kekId, pipeline));
        } catch (GeneralSecurityException notAuthentic) {
            throw new KeysException(
                    origin + " cannot be decrypted: it was altered or damaged; restore it from a backup");
        }
    }

    private static Aead envelope(KeyEncryptionKey key) throws GeneralSecurityException {
        return KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, new Wrapping(key));
    }

    private static byte[] associatedData(String kekId, String pipeline) {
        return String.join("|", FORM, kekId, pipeline).getBytes(StandardCharsets.UTF_8);
    }

    /** A key encryption key as Tink expects it, without associated data: the key itself binds to the pipeline. */
    private record Wrapping(KeyEncryptionKey key) implements Aead {

        @Override
        public byte[] encrypt(byte[] dataKey, byte[] none) {
            return key.wrap(dataKey);
        }

        @Override
        public byte[] decrypt(byte[] wrapped, byte[] none) {
            return key.unwrap(wrapped);
        }
    }
}
