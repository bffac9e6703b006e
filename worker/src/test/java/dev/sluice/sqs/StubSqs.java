package dev.sluice.sqs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers SQS's JSON protocol from a script: per operation its answers in order, the last one repeatedly. Records
 * the requests. Thread-safe.
 */
final class StubSqs implements AutoCloseable {

    static final String QUEUE_PATH = "/000000000000/login-queue";

    /** A status, a body, whether the connection breaks off in the middle of it, and further headers. */
    record Canned(int status, String body, boolean truncated, Map<String, String> headers) {

        Canned(int status, String body, boolean truncated) {
            this(status, body, truncated, Map.of());
        }

        Canned with(String header, String value) {
            return new Canned(status, body, truncated, Map.of(header, value));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Canned>> scripts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> requests = new ConcurrentHashMap<>();

    StubSqs() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        answers("GetQueueAttributes", ok("{\"Attributes\":{}}"));
    }

    /** What the operation will answer. */
    StubSqs answers(String operation, Canned... canned) {
        scripts.put(operation, new ArrayDeque<>(List.of(canned)));
        return this;
    }

    static Canned ok(String body) {
        return new Canned(200, body, false);
    }

    static Canned error(int status, String code) {
        return new Canned(status, "{\"__type\":\"com.amazonaws.sqs#" + code + "\",\"message\":\"secret text\"}", false);
    }

    static Canned truncated(String body) {
        return new Canned(200, body, true);
    }

    /** The bodies of an operation's requests, in order of arrival. */
    List<String> requests(String operation) {
        return requests.getOrDefault(operation, List.of());
    }

    /** The settings that lead here, by a queue URL. */
    QueueSettings settings() {
        return TestSettings.queue(origin() + QUEUE_PATH);
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    SqsConnection connection() {
        return SqsConnection.open(settings(), Keys.MADE_UP);
    }

    /** One whose queue is found, so that messages can be received. */
    SqsConnection called() {
        SqsConnection connection = connection();
        connection.resolveQueue();
        return connection;
    }

    String queueUrl() {
        return origin() + QUEUE_PATH;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("AmazonSQS.", "");
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.computeIfAbsent(operation, key -> new CopyOnWriteArrayList<>()).add(request);
        Canned canned = next(operation);
        byte[] body = canned.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        canned.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(canned.status(), canned.truncated() ? body.length + 10 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Canned next(String operation) {
        Deque<Canned> script = scripts.getOrDefault(operation, new ArrayDeque<>());
        synchronized (script) {
            return switch (script.size()) {
                case 0 -> error(400, "InvalidAction");
                case 1 -> script.getFirst();
                default -> script.removeFirst();
            };
        }
    }

    /** Credentials for servers that check none. */
    static final class Keys {
        static final Map<String, String> MADE_UP =
                Map.of("AWS_ACCESS_KEY_ID", "AKIDCANARY", "AWS_SECRET_ACCESS_KEY", "secret-canary");

        private Keys() {}
    }
}
