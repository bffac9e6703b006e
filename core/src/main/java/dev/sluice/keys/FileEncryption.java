package dev.sluice.keys;

import org.jspecify.annotations.Nullable;

/** Chooses a keyset file's key encryption key; rejects a file not encrypted as the operator requires. Thread-safe. */
final class FileEncryption {

    private final String origin;
    private final @Nullable KeyEncryption encryption;

    /** @param encryption null if only cleartext is permitted; {@code origin} is the file, for messages */
    FileEncryption(String origin, @Nullable KeyEncryption encryption) {
        this.origin = origin;
        this.encryption = encryption;
    }

    /** The key to encrypt the file with after a change: the same, or for a new file the one set; null for cleartext. */
    @Nullable
    String kekId(KeysetForm form) {
        return form.kekId() == null ? demanded() : form.kekId();
    }

    private @Nullable String demanded() {
        return encryption == null ? null : encryption.demanded();
    }

    KeysetContent open(KeysetForm form) {
        if (form instanceof EncryptedKeysets encrypted) {
            return encrypted.open(keyOf(encrypted), origin);
        }
        KeysetContent content = (KeysetContent) form;
        if (demanded() != null && !content.keysets().isEmpty()) {
            content.close();
            throw new KeysException(origin + " is not encrypted, but SLUICE_KMS_KEY requires encryption by "
                    + demanded() + ". If it is yours, unset SLUICE_KMS_KEY and run 'sluice keys rewrap-kek'");
        }
        return content;
    }

    EncryptedKeysets seal(KeysetContent content, String kekId) {
        KeyEncryption keys = requireEncryption();
        for (String name : content.keysets().keySet()) {
            String field = KeysetName.field(name);
            if (field.indexOf('.') > 0 && !field.startsWith(keys.pipeline() + ".")) {
                throw new KeysException(origin + " holds the keyset '" + name
                        + "' of another pipeline, which could not read it: an encrypted file serves one pipeline,"
                        + " so give each its own");
            }
        }
        return EncryptedKeysets.seal(content, keys.key(kekId), keys.pipeline());
    }

    private KeyEncryptionKey keyOf(EncryptedKeysets encrypted) {
        KeyEncryption keys = requireEncryption();
        if (!encrypted.pipeline().equals(keys.pipeline())) {
            throw new KeysException(origin + " was made for the pipeline '" + encrypted.pipeline()
                    + "', and an encrypted file serves one pipeline: make another for '" + keys.pipeline() + "'");
        }
        if (demanded() != null && !encrypted.kekId().equals(demanded())) {
            throw new KeysException(
                    origin + " is encrypted by " + encrypted.kekId() + ", but SLUICE_KMS_KEY requires " + demanded());
        }
        return keys.key(encrypted.kekId());
    }

    private KeyEncryption requireEncryption() {
        if (encryption == null) {
            throw new KeysException(origin + " is encrypted and cannot be read without a KMS");
        }
        return encryption;
    }
}
