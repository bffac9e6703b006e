package dev.sluice.bench.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The body of a response, in a buffer that a connection uses again and again. Room for the head is kept before it, so that
 * one write sends both. Not thread-safe.
 */
final class Answer {

    /** More than any head that {@link #send} writes. */
    private static final int HEAD = 512;

    private byte[] buffer = new byte[16 * 1024];
    private int end = HEAD;
    private String status = "200 OK";
    private String errorHeader = "";

    void clear() {
        end = HEAD;
        status = "200 OK";
        errorHeader = "";
    }

    /** ASCII only. */
    Answer text(String ascii) {
        reserve(ascii.length());
        for (int at = 0; at < ascii.length(); at++) {
            buffer[end++] = (byte) ascii.charAt(at);
        }
        return this;
    }

    Answer number(long number) {
        return text(Long.toString(number));
    }

    Answer bytes(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, end, bytes.length);
        end += bytes.length;
        return this;
    }

    Answer handle(Handle handle) {
        reserve(Handle.LENGTH);
        end = handle.write(buffer, end);
        return this;
    }

    /** Replaces the body by an error of the sender, as SQS's JSON protocol reports it. */
    void error(String type, String queryCode, String message) {
        end = HEAD;
        status = "400 Bad Request";
        errorHeader = "x-amzn-query-error: " + queryCode + ";Sender\r\n";
        text("{\"__type\":\"com.amazonaws.sqs#")
                .text(type)
                .text("\",\"message\":\"")
                .text(message)
                .text("\"}");
    }

    /** Sends head and body in one write. */
    void send(OutputStream out, String requestId) throws IOException {
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: application/x-amz-json-1.0\r\nx-amzn-RequestId: "
                        + requestId + "\r\n" + errorHeader + "Content-Length: " + (end - HEAD) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        int begin = HEAD - head.length;
        System.arraycopy(head, 0, buffer, begin, head.length);
        out.write(buffer, begin, end - begin);
        out.flush();
    }

    private void reserve(int bytes) {
        if (end + bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(end + bytes, buffer.length * 2));
        }
    }
}
