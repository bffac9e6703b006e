package dev.sluice.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before an SQS server and passes calls of the JSON protocol as {@link #change} makes them. Its threads are its
 * own, closed with it.
 */
class SqsInBetween implements AutoCloseable {

    private static final String TARGET = "X-Amz-Target";

    private final HttpServer server;
    private final URI behind;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    SqsInBetween(URI behind) throws IOException {
        this.behind = behind;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    /** What is passed in place of a request. Called on many threads at once; an exception breaks the connection off. */
    Request change(Request request) throws IOException {
        return request;
    }

    /** A call: an operation, without the protocol's prefix, and its JSON. */
    record Request(String operation, String body) {

        /** Is answered with AccessDenied instead. */
        static final Request DENIED = new Request("", "");
    }

    final URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange call) throws IOException {
        String target = String.valueOf(call.getRequestHeaders().getFirst(TARGET));
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try (call) {
            Request changed = change(new Request(target.substring(target.indexOf('.') + 1), body));
            if (changed.equals(Request.DENIED)) {
                answer(
                        call,
                        403,
                        "{\"__type\":\"com.amazonaws.sqs#AccessDeniedException\"}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            HttpRequest request = HttpRequest.newBuilder(behind.resolve(call.getRequestURI()))
                    .header(TARGET, "AmazonSQS." + changed.operation())
                    .header("Content-Type", "application/x-amz-json-1.0")
                    .POST(HttpRequest.BodyPublishers.ofString(changed.body()))
                    .build();
            var answer = http.send(request, BodyHandlers.ofByteArray());
            answer(call, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange call, int status, byte[] body) throws IOException {
        call.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
    }

    @Override
    public final void close() {
        server.stop(0);
        threads.close();
        http.close();
    }
}
