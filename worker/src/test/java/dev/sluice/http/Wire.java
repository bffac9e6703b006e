package dev.sluice.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** HTTP as bytes on the wire, to say what a well-behaved client cannot. */
public final class Wire {

    private static final int LONGEST_WAIT_MILLIS = 30_000;

    private Wire() {}

    /** An answer as it came. */
    public record Reply(int status, Map<String, String> headers, String body) {

        /** Empty when it is missing. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** A GET as a command-line client sends it. */
    public static Reply get(int port, String path, String... headers) throws IOException {
        return exchange(port, request("GET", path, "", headers));
    }

    /** A POST of JSON, as the page sends it. */
    public static Reply post(int port, String path, String body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");
        all.add("X-Sluice-Request: 1");
        return exchange(port, request("POST", path, body, all.toArray(String[]::new)));
    }

    /** A request; with a Host unless one is among the headers. */
    public static String request(String method, String path, String body, String... headers) {
        List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1"));
        lines.addAll(List.of(headers));
        if (lines.stream().noneMatch(line -> line.startsWith("Host:"))) {
            lines.add("Host: localhost");
        }
        if (!body.isEmpty()) {
            lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
        }
        return String.join("\r\n", lines) + "\r\n\r\n" + body;
    }

    /** Sends bytes and reads what comes until the server closes. */
    public static Reply exchange(int port, String bytes) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, bytes);
            return reply(socket);
        }
    }

    /** A connection on which nothing was sent. */
    public static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(LONGEST_WAIT_MILLIS);
        return socket;
    }

    public static void send(Socket socket, String bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Whether the server closes the connection without an answer; waits for that. */
    public static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** What comes until the server closes; nothing if it resets the connection. */
    public static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static Reply reply(Socket socket) throws IOException {
        String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String[] parts = text.split("\r\n\r\n", 2);
        String[] lines = parts[0].split("\r\n", -1);
        if (!lines[0].startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer: " + text.length() + " characters");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(":", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
        }
        return new Reply(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, Objects.requireNonNull(parts[1]));
    }
}
