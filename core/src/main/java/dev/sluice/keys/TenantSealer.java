package dev.sluice.keys;

import java.nio.ByteBuffer;

/**
 * Seals with the keys that belong to no tenant, and opens what was sealed for any: the id at the beginning of the sealed
 * bytes identifies the key. Thread-safe.
 */
record TenantSealer(Sealer own, Keysets keysets) implements Sealer {

    /** Tink's output prefix: one byte of version, four of key id. */
    private static final int PREFIX_BYTES = 5;

    @Override
    public byte[] seal(byte[] clear, int offset, int length, String associatedData) {
        return own.seal(clear, offset, length, associatedData);
    }

    @Override
    public byte[] unseal(byte[] sealed, String associatedData) {
        return sealerOf(sealed).unseal(sealed, associatedData);
    }

    private Sealer sealerOf(byte[] sealed) {
        if (sealed.length < PREFIX_BYTES) {
            return own;
        }
        Keysets holding =
                keysets.holding(ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt());
        return holding.tenant().isPresent() ? holding.sealer() : own;
    }
}
