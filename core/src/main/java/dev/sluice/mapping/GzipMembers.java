package dev.sluice.mapping;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks gzip (RFC 1952): one or more members, to the last byte. Hand-written because {@code GZIPInputStream} silently
 * ignores whatever follows the first member, be it garbage or a truncated member. Used once, by one thread.
 */
final class GzipMembers {

    private static final int HEADER_BYTES = 10;

    // RFC 1952, section 2.3.1: the flags, and the parts of the header that they announce.
    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xE0;

    private final byte[] packed;
    private final ByteArrayOutputStream unpacked = new ByteArrayOutputStream();
    private final byte[] chunk = new byte[8 << 10];
    private int at;

    GzipMembers(byte[] packed) {
        this.packed = packed;
    }

    /**
     * The contents of all members, concatenated.
     *
     * @return null if they exceed {@code cap} bytes; little more than that is unpacked
     * @throws DataFormatException if the input is not gzip to its end
     */
    byte @Nullable [] unpack(int cap) throws DataFormatException {
        // One for all members: creating one costs more than unpacking a small member, and a body holds up to 39,000.
        Inflater inflater = new Inflater(true);
        try {
            do {
                header();
                if (!member(inflater, cap)) {
                    return null;
                }
                inflater.reset();
            } while (at < packed.length);
            return unpacked.toByteArray();
        } finally {
            inflater.end();
        }
    }

    private void header() throws DataFormatException {
        int start = at;
        require(packed.length - at >= HEADER_BYTES && unsigned(at) == 0x1f && unsigned(at + 1) == 0x8b);
        int flags = unsigned(at + 3);
        require(unsigned(at + 2) == 8 && (flags & RESERVED) == 0);
        at += HEADER_BYTES;
        if ((flags & EXTRA) != 0) {
            at += 2 + little(2);
        }
        skipText(flags & NAME);
        skipText(flags & COMMENT);
        if ((flags & HEADER_CHECKSUM) != 0) {
            require(at < packed.length);
            require((checksum(packed, start, at - start) & 0xffff) == little(2));
            at += 2;
        }
    }

    private void skipText(int flag) throws DataFormatException {
        if (flag == 0) {
            return;
        }
        while (at < packed.length && packed[at] != 0) {
            at++;
        }
        require(at < packed.length);
        at++;
    }

    /** The deflated data and the trailer, which holds checksum and length; false if the cap is exceeded. */
    private boolean member(Inflater inflater, int cap) throws DataFormatException {
        require(at <= packed.length);
        int start = unpacked.size();
        CRC32 checksum = new CRC32();
        inflater.setInput(packed, at, packed.length - at);
        while (!inflater.finished()) {
            int count = inflater.inflate(chunk);
            require(count > 0 || inflater.finished());
            checksum.update(chunk, 0, count);
            unpacked.write(chunk, 0, count);
            if (unpacked.size() > cap) {
                return false;
            }
        }
        at = packed.length - inflater.getRemaining();
        require(little(4) == (int) checksum.getValue());
        at += 4;
        require(little(4) == unpacked.size() - start);
        at += 4;
        return true;
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }

    /** A little-endian number of {@code bytes} bytes; does not advance. */
    private int little(int bytes) throws DataFormatException {
        require(packed.length - at >= bytes);
        int value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | unsigned(at + i);
        }
        return value;
    }

    private int unsigned(int index) {
        return packed[index] & 0xff;
    }

    private static void require(boolean holds) throws DataFormatException {
        if (!holds) {
            throw new DataFormatException();
        }
    }
}
