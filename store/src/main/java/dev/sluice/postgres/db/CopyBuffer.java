package dev.sluice.postgres.db;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in PostgreSQL's binary COPY format (manual, SQL command COPY, "Binary Format"): a header, then per row its number of
 * fields and per field length and bytes, then a trailer; all numbers big-endian. Grows as needed. One batch, one thread.
 */
public final class CopyBuffer {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int NULL_LENGTH = -1;
    private static final int TRAILER = -1;

    /** A {@code numeric} has digits to base 10,000. */
    private static final int DIGIT_PLACES = 4;

    private static final short POSITIVE = 0x0000;
    private static final short NEGATIVE = 0x4000;

    private ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
    private int rows;

    public CopyBuffer() {
        bytes.put(SIGNATURE);
        bytes.putInt(0); // flags: no OIDs
        bytes.putInt(0); // no header extension
    }

    /** Begins a row; that many fields must follow. */
    public void row(int fields) {
        room(2).putShort((short) fields);
        rows++;
    }

    public void nullField() {
        room(4).putInt(NULL_LENGTH);
    }

    public void int4(int value) {
        room(8).putInt(4).putInt(value);
    }

    public void int8(long value) {
        room(12).putInt(8).putLong(value);
    }

    public void bool(boolean value) {
        room(5).putInt(1).put(value ? (byte) 1 : 0);
    }

    public void uuid(UUID value) {
        room(20).putInt(16).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    }

    public void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(4 + utf8.length).putInt(utf8.length).put(utf8);
    }

    /** {@code jsonb_recv}: a version byte, 1, then the text. */
    public void jsonb(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(5 + utf8.length).putInt(1 + utf8.length).put((byte) 1).put(utf8);
    }

    public void bytes(byte[] value) {
        room(4 + value.length).putInt(value.length).put(value);
    }

    /**
     * As {@code numeric_recv} (PostgreSQL's {@code numeric.c}) reads it: number of digits, weight of the first one, sign,
     * decimal places to show, then the digits, 16 bits each.
     */
    public void numeric(BigDecimal value) {
        int scale = Math.max(value.scale(), 0);
        // Decimal places are padded to whole digits of four, so that the digits line up with the point.
        int fractionDigits = (scale + DIGIT_PLACES - 1) / DIGIT_PLACES;
        BigInteger whole = value.abs().setScale(fractionDigits * DIGIT_PLACES).unscaledValue();
        String decimal = whole.signum() == 0 ? "" : whole.toString();
        int digits = (decimal.length() + DIGIT_PLACES - 1) / DIGIT_PLACES;
        int length = 8 + 2 * digits;
        ByteBuffer field = room(4 + length).putInt(length);
        field.putShort((short) digits);
        field.putShort((short) (digits == 0 ? 0 : digits - fractionDigits - 1));
        field.putShort(value.signum() < 0 ? NEGATIVE : POSITIVE);
        field.putShort((short) scale);
        int end = decimal.length() - (digits - 1) * DIGIT_PLACES;
        for (int start = 0; start < decimal.length(); start = end, end += DIGIT_PLACES) {
            field.putShort((short) Integer.parseInt(decimal, start, end, 10));
        }
    }

    /**
     * Sends the rows and waits for the server's count.
     *
     * @param sql a {@code COPY .. FROM STDIN (FORMAT binary)}
     * @return how many rows the server reports to have stored
     */
    public long copyTo(Connection connection, String sql) throws SQLException {
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

    // A COPY that the server has ended is no longer active; a second failure here must not hide the first.
    private static void abandon(CopyIn copy, SQLException failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    public int rows() {
        return rows;
    }

    /** What was written so far, without the trailer. */
    public byte[] toByteArray() {
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
