package dev.sluice.bench.stub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;

/** One HTTP/1.1 connection: requests with a Content-Length, one after the other, until the client closes it. */
final class Connection implements Runnable {

    private static final String TARGET = "AmazonSQS.";

    private final Socket socket;
    private final String scheme;
    private final Supplier<Operations> operations;
    private final Answer answer = new Answer();
    private byte[] buffer = new byte[16 * 1024];

    /** Bytes in the buffer. */
    private int filled;

    private String target = "";
    private String host = "";
    private int contentLength;
    private boolean expectsContinue;

    /** @param operations of the current queue; asked for each request */
    Connection(Socket socket, String scheme, Supplier<Operations> operations) {
        this.socket = socket;
        this.scheme = scheme;
        this.operations = operations;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (answerOne(in, out)) {
                // The next request.
            }
        } catch (IOException clientHasGone) {
            // A client that is killed or closes its pool: part of every run.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answerOne(InputStream in, OutputStream out) throws IOException, InterruptedException {
        int bodyAt = readHead(in);
        if (bodyAt < 0) {
            return false;
        }
        if (expectsContinue) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        int end = bodyAt + contentLength;
        while (filled < end) {
            fill(in);
        }
        long arrived = System.nanoTime();
        answer.clear();
        try {
            operations
                    .get()
                    .call(target, Request.read(buffer, bodyAt, contentLength), scheme + "://" + host, arrived, answer);
        } catch (JacksonException notJson) {
            answer.error("InvalidRequest", "InvalidRequest", "the body is not JSON, or a member has another type");
        }
        answer.send(
                out,
                UUID.nameUUIDFromBytes(Long.toString(arrived).getBytes(StandardCharsets.US_ASCII))
                        .toString());
        System.arraycopy(buffer, end, buffer, 0, filled - end);
        filled -= end;
        return true;
    }

    /** Reads to the blank line and takes the headers that matter; returns where the body begins, or -1 at the end. */
    private int readHead(InputStream in) throws IOException {
        int searched = 0;
        int end = blankLine(searched);
        while (end < 0) {
            searched = Math.max(0, filled - 3);
            if (filled == 0) {
                int read = in.read(buffer, 0, buffer.length);
                if (read < 0) {
                    return -1;
                }
                filled = read;
            } else {
                fill(in);
            }
            end = blankLine(searched);
        }
        headers(new String(buffer, 0, end, StandardCharsets.ISO_8859_1));
        return end;
    }

    private int blankLine(int from) {
        for (int at = from; at + 3 < filled; at++) {
            if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') {
                return at + 4;
            }
        }
        return -1;
    }

    private void headers(String head) throws IOException {
        target = "";
        contentLength = 0;
        expectsContinue = false;
        int at = head.indexOf("\r\n") + 2;
        while (at < head.length()) {
            int end = head.indexOf("\r\n", at);
            int colon = head.indexOf(':', at);
            if (colon > 0 && colon < end) {
                header(head, at, colon, end);
            }
            at = end + 2;
        }
    }

    private void header(String head, int at, int colon, int end) throws IOException {
        switch (head.substring(at, colon).toLowerCase(Locale.ROOT)) {
            case "x-amz-target" ->
                target = operation(head.substring(colon + 1, end).strip());
            case "host" -> host = head.substring(colon + 1, end).strip();
            case "content-length" -> contentLength = Integer.parseInt(head, colon + 1 + blank(head, colon), end, 10);
            case "expect" -> expectsContinue = true;
            case "transfer-encoding" -> throw new IOException("chunked requests are not supported");
            default -> {
                // Signature, user agent and the like.
            }
        }
    }

    private static int blank(String head, int colon) {
        return head.charAt(colon + 1) == ' ' ? 1 : 0;
    }

    private static String operation(String value) {
        return value.startsWith(TARGET) ? value.substring(TARGET.length()) : value;
    }

    private void fill(InputStream in) throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException("the client closed the connection within a request");
        }
        filled += read;
    }
}
