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
 * Stands before an SQS server and confirms every delete without doing it: the messages become visible again. That is what
 * a standard queue may do ("at-least-once delivery", SQS Developer Guide) and what a worker leaves that is killed
 * between commit and delete. All other calls pass as they are. Its threads are its own, closed with it.
 */
final class ForgetfulSqs implements AutoCloseable {

    private static final String TARGET = "X-Amz-Target";

    private final HttpServer server;
    private final URI behind;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ForgetfulSqs(URI behind) throws IOException {
        this.behind = behind;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::pass);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange call) throws IOException {
        String target = String.valueOf(call.getRequestHeaders().getFirst(TARGET));
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (target.equals("AmazonSQS.DeleteMessageBatch")) {
            target = "AmazonSQS.ChangeMessageVisibilityBatch";
            body = body.replace("\"ReceiptHandle\":", "\"VisibilityTimeout\":0,\"ReceiptHandle\":");
        }
        try (call) {
            HttpRequest request = HttpRequest.newBuilder(behind.resolve(call.getRequestURI()))
                    .header(TARGET, target)
                    .header("Content-Type", "application/x-amz-json-1.0")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = http.send(request, BodyHandlers.ofByteArray());
            call.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            call.sendResponseHeaders(answer.statusCode(), answer.body().length);
            call.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        http.close();
    }
}
