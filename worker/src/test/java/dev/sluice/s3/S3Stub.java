package dev.sluice.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One bucket, as S3's API reference describes ListObjectsV2, GetObject, HeadObject and PutObject: pages, ranges, conditions, errors in XML. Path-style
 * addresses only; checks no signature.
 */
public final class S3Stub implements AutoCloseable {

    private static final int KEYS_PER_PAGE = 2;

    private final HttpServer server;
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, String> writes = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private volatile @Nullable String refusal;
    private final AtomicInteger gets = new AtomicInteger();

    private S3Stub(HttpServer server) {
        this.server = server;
    }

    public static S3Stub start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        S3Stub stub = new S3Stub(server);
        server.createContext("/", stub::answer);
        server.start();
        return stub;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public void put(String key, byte[] content) {
        objects.put(key, content);
    }

    /** The next reads and writes are answered 503. */
    public void fail(int calls) {
        failures.set(calls);
    }

    /** The next writes take place, and are answered 503. */
    public void loseAnswers(int answers) {
        lostAnswers.set(answers);
    }

    /** All writes are answered 403 from now on. */
    public void deny() {
        refusal = "403 AccessDenied";
    }

    /** All writes are answered as by a region that does not have the bucket. */
    public void move() {
        refusal = "301 PermanentRedirect";
    }

    public List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    public byte[] object(String key) {
        return Objects.requireNonNull(objects.get(key), key);
    }

    public int gets() {
        return gets.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            if (!path.startsWith("/bucket")) {
                error(exchange, 404, "NoSuchBucket");
            } else if (query.containsKey("list-type")) {
                list(exchange, query);
            } else {
                String key = path.substring("/bucket/".length());
                switch (exchange.getRequestMethod()) {
                    case "PUT" -> put(exchange, key);
                    case "HEAD" -> head(exchange, key);
                    default -> get(exchange, key);
                }
            }
        }
    }

    private void put(HttpExchange exchange, String key) throws IOException {
        byte[] content = unchunked(exchange);
        String[] refused = refusal == null ? new String[0] : refusal.split(" ");
        if (refused.length > 0) {
            error(exchange, Integer.parseInt(refused[0]), refused[1]);
        } else if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            error(exchange, 503, "SlowDown");
        } else if ("*".equals(exchange.getRequestHeaders().getFirst("If-None-Match")) && objects.containsKey(key)) {
            error(exchange, 412, "PreconditionFailed");
        } else {
            objects.put(key, content);
            writes.put(key, exchange.getRequestHeaders().getFirst("x-amz-meta-sluice-write"));
            if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                error(exchange, 503, "SlowDown");
            } else {
                send(exchange, 200, new byte[0]);
            }
        }
    }

    /** A body that the SDK signs in chunks: a size in hex and a signature on a line, bytes, and a line's end; trailers last. */
    private static byte[] unchunked(HttpExchange exchange) throws IOException {
        InputStream body = exchange.getRequestBody();
        if (!"aws-chunked".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body.readAllBytes();
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(body).replaceAll(";.*", ""), 16);
            if (size == 0) {
                body.readAllBytes();
                return content.toByteArray();
            }
            content.write(body.readNBytes(size));
            line(body);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each != '\n'; each = in.read()) {
            line.append((char) each);
        }
        return line.toString().strip();
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        if (writes.containsKey(key)) {
            exchange.getResponseHeaders().set("x-amz-meta-sluice-write", writes.get(key));
        }
        exchange.sendResponseHeaders(objects.containsKey(key) ? 200 : 404, -1);
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", "");
        int limit = Math.min(KEYS_PER_PAGE, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
        List<Map.Entry<String, byte[]>> found = objects.tailMap(after, false).entrySet().stream()
                .filter(object -> object.getKey().startsWith(prefix))
                .toList();
        List<Map.Entry<String, byte[]>> page = found.subList(0, Math.min(limit, found.size()));
        StringBuilder xml = new StringBuilder("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        boolean isMore = found.size() > page.size();
        xml.append("<IsTruncated>").append(isMore).append("</IsTruncated>");
        if (isMore) {
            xml.append("<NextContinuationToken>")
                    .append(page.getLast().getKey())
                    .append("</NextContinuationToken>");
        }
        for (Map.Entry<String, byte[]> object : page) {
            xml.append("<Contents><Key>")
                    .append(object.getKey())
                    .append("</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;")
                    .append(tag(object.getValue()))
                    .append("&quot;</ETag><Size>")
                    .append(object.getValue().length)
                    .append("</Size></Contents>");
        }
        send(exchange, 200, xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        gets.incrementAndGet();
        byte[] content = objects.get(key);
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            error(exchange, 503, "SlowDown");
        } else if (content == null) {
            error(exchange, 404, "NoSuchKey");
        } else if (!("\"" + tag(content) + "\"")
                .equals(exchange.getRequestHeaders().getFirst("If-Match"))) {
            error(exchange, 412, "PreconditionFailed");
        } else {
            String[] range = exchange.getRequestHeaders()
                    .getFirst("Range")
                    .substring("bytes=".length())
                    .split("-", 2);
            int from = Integer.parseInt(range[0]);
            int to = Math.min(content.length, Integer.parseInt(range[1]) + 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
            send(exchange, 206, Arrays.copyOfRange(content, from, to));
        }
    }

    private static String tag(byte[] content) {
        return Integer.toHexString(Arrays.hashCode(content));
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        send(exchange, status, ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
