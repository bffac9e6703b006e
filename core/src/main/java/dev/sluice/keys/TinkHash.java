package dev.sluice.keys;

import com.google.crypto.tink.Mac;
import java.security.GeneralSecurityException;

/** {@link KeyedHash} over Tink, whose primitive is thread-safe and keeps one initialised MAC per thread. */
final class TinkHash implements KeyedHash {

    private final Mac mac;

    TinkHash(Mac mac) {
        this.mac = mac;
    }

    @Override
    public byte[] hash(byte[] clear) {
        try {
            return mac.computeMac(clear);
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("HMAC-SHA-256 failed on this Java runtime");
        }
    }
}
