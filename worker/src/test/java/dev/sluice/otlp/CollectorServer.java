package dev.sluice.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A collector on this machine that keeps what it is sent, and answers with the status that a test sets. */
public final class CollectorServer implements AutoCloseable {

    /** In an answer, so that a test sees where it is printed. */
    public static final String ANSWER = "answer-of-the-server-4711";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /** The status of the next answers. */
    public volatile int status = 200;

    private CollectorServer(HttpServer server) {
        this.server = server;
    }

    /** What was sent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Request(String path, Headers headers, byte[] body) {

        /** As metrics. */
        public ExportMetricsServiceRequest metrics() {
            try {
                return ExportMetricsServiceRequest.parseFrom(body);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** As traces. */
        public ExportTraceServiceRequest traces() {
            try {
                return ExportTraceServiceRequest.parseFrom(body);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public static CollectorServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            CollectorServer collector = new CollectorServer(server);
            server.setExecutor(collector.threads);
            server.createContext("/", exchange -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                collector.requests.add(
                        new Request(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
                byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(collector.status, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
            return collector;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
