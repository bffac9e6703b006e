package dev.sluice.mapping;

import dev.sluice.keys.KeysException;
import dev.sluice.keys.Sealer;
import java.nio.ByteBuffer;

/** Turns bits over and binds the associated data by its hash: enough to tell sealed from clear and one message from another. */
public final class FakeSealer implements Sealer {

    @Override
    public byte[] seal(byte[] clear, int offset, int length, String associatedData) {
        ByteBuffer sealed = ByteBuffer.allocate(4 + length).putInt(associatedData.hashCode());
        for (int i = 0; i < length; i++) {
            sealed.put((byte) ~clear[offset + i]);
        }
        return sealed.array();
    }

    @Override
    public byte[] unseal(byte[] sealed, String associatedData) {
        ByteBuffer bytes = ByteBuffer.wrap(sealed);
        if (bytes.getInt() != associatedData.hashCode()) {
            throw new KeysException("sealed for something else");
        }
        byte[] clear = new byte[bytes.remaining()];
        for (int i = 0; i < clear.length; i++) {
            clear[i] = (byte) ~bytes.get();
        }
        return clear;
    }
}
