package dev.sluice.cli.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.StatusDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A server on a free port of this machine that answers as a worker does, or as none would. */
final class HealthPort implements AutoCloseable {

    private final HttpServer server;

    /** How one request is answered. */
    @FunctionalInterface
    interface Handler {
        void answer(HttpExchange exchange) throws IOException;
    }

    private HealthPort(Handler handler) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.answer(exchange);
            }
        });
        server.start();
    }

    /** At {@code /status}, and 404 elsewhere. */
    static HealthPort of(Status status) {
        return new HealthPort(exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals("/status");
            send(exchange, known ? 200 : 404, known ? StatusDocument.write(status) : "not found");
        });
    }

    static HealthPort answering(int code, String body) {
        return new HealthPort(exchange -> send(exchange, code, body));
    }

    static HealthPort redirectingTo(String url) {
        return new HealthPort(exchange -> {
            exchange.getResponseHeaders().set("Location", url);
            send(exchange, 302, "");
        });
    }

    /** Begins an answer that never ends. */
    static HealthPort endless() {
        return new HealthPort(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = " ".repeat(8_192).getBytes(UTF_8);
            OutputStream body = exchange.getResponseBody();
            while (!Thread.currentThread().isInterrupted()) {
                body.write(part);
            }
        });
    }

    /** Sends the head of an answer, and nothing after it. */
    static HealthPort stuck() {
        CountDownLatch never = new CountDownLatch(1);
        return new HealthPort(exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().flush();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    WorkerAddress address() {
        return WorkerAddress.of(url()).orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
