package dev.sluice.keys;

import com.google.crypto.tink.Mac;
import java.security.GeneralSecurityException;
import java.util.List;

/** {@link KeyedHash} over Tink, whose primitive is thread-safe and keeps one initialised MAC per thread. */
final class TinkHash implements KeyedHash {

    private final Mac mac;
    private final List<Mac> each;

    /**
     * @param mac over all keys
     * @param each over one enabled key each, the primary one first
     */
    TinkHash(Mac mac, List<Mac> each) {
        this.mac = mac;
        this.each = List.copyOf(each);
    }

    @Override
    public byte[] hash(byte[] clear) {
        return hash(mac, clear);
    }

    @Override
    public List<byte[]> hashUnderEachKey(byte[] clear) {
        return each.stream().map(one -> hash(one, clear)).toList();
    }

    private static byte[] hash(Mac mac, byte[] clear) {
        try {
            return mac.computeMac(clear);
        } catch (GeneralSecurityException unexpected) {
            throw new KeysException("HMAC-SHA-256 failed on this Java runtime");
        }
    }
}
