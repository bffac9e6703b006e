package dev.sluice.bench.stub;

import java.nio.charset.StandardCharsets;

/**
 * A receipt handle, different for each delivery: a constant beginning, which makes it as long as SQS's handles (about 180
 * characters), then queue, message and delivery as eight hexadecimal digits each.
 *
 * @param queue number of the queue in this process
 * @param index of the message
 * @param receiveCount which delivery of it
 */
record Handle(int queue, int index, int receiveCount) {

    private static final int NUMBER = 8;
    private static final byte[] BEGIN =
            ("AQEB" + "wJnK3yHigUMZj6rYigCgxlaS".repeat(6) + "SL0=").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    static final int LENGTH = BEGIN.length + 3 * NUMBER;

    /** Writes {@link #LENGTH} bytes and returns the position after them. */
    int write(byte[] target, int at) {
        System.arraycopy(BEGIN, 0, target, at, BEGIN.length);
        int end = hex(queue, target, at + BEGIN.length);
        end = hex(index, target, end);
        return hex(receiveCount, target, end);
    }

    private static int hex(int number, byte[] target, int at) {
        for (int digit = 0; digit < NUMBER; digit++) {
            target[at + digit] = DIGITS[number >>> (28 - 4 * digit) & 0xF];
        }
        return at + NUMBER;
    }

    /** @throws IllegalArgumentException if this is not a handle of a stub queue */
    static Handle parse(String text) {
        if (text.length() != LENGTH) {
            throw new IllegalArgumentException("not a receipt handle");
        }
        int at = BEGIN.length;
        return new Handle(number(text, at), number(text, at + NUMBER), number(text, at + 2 * NUMBER));
    }

    private static int number(String text, int at) {
        return Integer.parseUnsignedInt(text, at, at + NUMBER, 16);
    }
}
