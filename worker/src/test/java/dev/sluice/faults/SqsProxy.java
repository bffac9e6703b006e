package dev.sluice.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an SQS server, passes the calls of the JSON protocol, and does to an operation what a {@link Fault} says.
 * Keeps when each operation was called. Thread-safe; the threads are its own.
 */
final class SqsProxy implements AutoCloseable {

    private static final String TARGET = "X-Amz-Target";
    private static final String PREFIX = "AmazonSQS.";
    private static final String JSON = "application/x-amz-json-1.0";
    private static final DateTimeFormatter SIGNED_AT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("Credential=([^/]+)/");

    /** Takes the place of the server for one operation. Called on many threads at once. */
    interface Fault {
        Answer answer(Call call) throws IOException, InterruptedException;
    }

    /** What goes back to the client; {@code broken} breaks the connection off in the middle, or at once when there is no body. */
    record Answer(int status, String body, boolean broken) {
        static Answer ok(String body) {
            return new Answer(200, body, false);
        }

        static Answer error(int status, String code) {
            return new Answer(
                    status, "{\"__type\":\"com.amazonaws.sqs#" + code + "\",\"message\":\"by the proxy\"}", false);
        }
    }

    private final HttpServer server;
    private final URI behind;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Fault> usual = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Map<String, Instant> clocks = new ConcurrentHashMap<>();
    private final Map<String, Queue<Instant>> calls = new ConcurrentHashMap<>();

    SqsProxy(URI behind) {
        this.behind = behind;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::exchange);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What happens to an operation unless something else is set. */
    void usually(String operation, Fault behaviour) {
        usual.put(operation, behaviour);
    }

    /** From now on; a second fault for the operation takes the first one's place. */
    void on(String operation, Fault fault) {
        faults.put(operation, fault);
    }

    void onEvery(Fault fault) {
        SqsFaults.OPERATIONS.forEach(operation -> on(operation, fault));
    }

    void heal() {
        faults.clear();
    }

    /** How often the operation was called since that instant. */
    long calls(String operation, Instant since) {
        return calls.getOrDefault(operation, new ConcurrentLinkedQueue<>()).stream()
                .filter(at -> !at.isBefore(since))
                .count();
    }

    /** What a worker's clock showed when it signed its last call. */
    Instant clockOf(WorkerProcess worker) {
        return clocks.getOrDefault(worker.name(), Instant.EPOCH);
    }

    long calls(String operation) {
        return calls(operation, Instant.EPOCH);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }

    private void exchange(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = new Call(exchange);
            calls.computeIfAbsent(call.operation, key -> new ConcurrentLinkedQueue<>())
                    .add(Instant.now());
            clocks.put(call.caller, call.signedAt);
            Fault fault = faults.getOrDefault(call.operation, usual.getOrDefault(call.operation, Call::pass));
            send(exchange, fault.answer(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (answer.broken() && body.length == 0) {
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.sendResponseHeaders(answer.status(), answer.broken() ? body.length + 1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** One call on its way. */
    final class Call {

        private final String operation;
        private final String caller;
        private final Instant signedAt;
        private final URI path;
        private final String body;

        private Call(HttpExchange exchange) throws IOException {
            this.operation = String.valueOf(exchange.getRequestHeaders().getFirst(TARGET))
                    .replace(PREFIX, "");
            this.caller = caller(exchange.getRequestHeaders().getFirst("Authorization"));
            this.signedAt = SIGNED_AT.parse(exchange.getRequestHeaders().getFirst("X-Amz-Date"), Instant::from);
            this.path = exchange.getRequestURI();
            this.body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        }

        private Call(Call original, String body) {
            this.operation = original.operation;
            this.caller = original.caller;
            this.signedAt = original.signedAt;
            this.path = original.path;
            this.body = body;
        }

        private static String caller(@Nullable String authorization) {
            Matcher credential = ACCESS_KEY_ID.matcher(String.valueOf(authorization));
            return credential.find() ? credential.group(1) : "";
        }

        /** The access key id that it was signed with: whose call it is. */
        String caller() {
            return caller;
        }

        /** The request, as JSON. */
        String body() {
            return body;
        }

        /** The same call with another request. */
        Call withBody(String other) {
            return new Call(this, other);
        }

        /** What the server says to the call as it is. */
        Answer pass() throws IOException, InterruptedException {
            return ask(operation, body);
        }

        /** What the server says to another call. */
        Answer ask(String otherOperation, String otherBody) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(behind.resolve(path))
                    .header(TARGET, PREFIX + otherOperation)
                    .header("Content-Type", JSON)
                    // moto tells the service by it; nobody checks it
                    .header(
                            "Authorization",
                            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request,"
                                    + " SignedHeaders=host, Signature=none")
                    .POST(HttpRequest.BodyPublishers.ofString(otherBody))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body(), false);
        }
    }
}
