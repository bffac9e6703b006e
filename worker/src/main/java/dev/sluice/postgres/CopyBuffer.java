package dev.sluice.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in PostgreSQL's binary COPY format (manual, SQL command COPY, "Binary Format"): a header, then per row the count of
 * its fields and per field its length and bytes, then a trailer; all numbers big-endian. Grows as it is written. One
 * batch, one thread.
 */
final class CopyBuffer {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int NULL_LENGTH = -1;
    private static final int TRAILER = -1;

    private ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
    private int rows;

    CopyBuffer() {
        bytes.put(SIGNATURE);
        bytes.putInt(0); // flags: no OIDs
        bytes.putInt(0); // no header extension
    }

    /** Begins a row of so many fields, which must follow. */
    void row(int fields) {
        room(2).putShort((short) fields);
        rows++;
    }

    void nullField() {
        room(4).putInt(NULL_LENGTH);
    }

    void int4(int value) {
        room(8).putInt(4).putInt(value);
    }

    void int8(long value) {
        room(12).putInt(8).putLong(value);
    }

    void bool(boolean value) {
        room(5).putInt(1).put(value ? (byte) 1 : 0);
    }

    void uuid(UUID value) {
        room(20).putInt(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(4 + utf8.length).putInt(utf8.length).put(utf8);
    }

    /** {@code jsonb_recv}: a version byte, 1, then the text. */
    void jsonb(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(5 + utf8.length).putInt(1 + utf8.length).put((byte) 1).put(utf8);
    }

    /** For types of several parts: the field's length, and where to put exactly so many bytes. */
    ByteBuffer field(int length) {
        return room(4 + length).putInt(length);
    }

    /**
     * Sends the rows and waits for the server's count.
     *
     * @param sql a {@code COPY .. FROM STDIN (FORMAT binary)}
     * @return how many rows the server says it took
     */
    long copyTo(Connection connection, String sql) throws SQLException {
        room(2).putShort((short) TRAILER);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            copy.writeToCopy(bytes.array(), 0, bytes.position());
            return copy.endCopy();
        } catch (SQLException e) {
            abandon(copy, e);
            throw e;
        }
    }

    // A COPY that the server has ended is not active any more; what else goes wrong here must not hide the first
    // failure.
    private static void abandon(CopyIn copy, SQLException failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    int rows() {
        return rows;
    }

    /** What was written so far, without the trailer. */
    byte[] toByteArray() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private ByteBuffer room(int length) {
        if (bytes.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes.capacity() * 2, bytes.position() + length));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
