package dev.sluice.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a request from Jetty, within the limits, to its route, and the answer back. Thread-safe. */
final class Dispatcher extends Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How long a request waits for others to be answered. */
    private static final long TURN_SECONDS = 1;

    private final Routes routes;
    private final Predicate<String> hosts;
    private final Limits limits;
    private final Connections connections;
    private final Semaphore turns;

    Dispatcher(Routes routes, Predicate<String> hosts, Limits limits, Connections connections) {
        super(InvocationType.BLOCKING);
        this.routes = routes;
        this.hosts = hosts;
        this.limits = limits;
        this.connections = connections;
        this.turns = new Semaphore(limits.maxAnswers());
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        EndPoint peer = request.getConnectionMetaData().getConnection().getEndPoint();
        Response answer = answer(request, peer);
        connections.sending(peer);
        send(answer, response, callback);
        return true;
    }

    static void send(Response answer, org.eclipse.jetty.server.Response response, Callback callback) {
        response.setStatus(answer.status());
        ProtectiveHeaders.ALL.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
        answer.headers().forEach(response.getHeaders()::put);
        // Jetty leaves the body out for HEAD and 304, and keeps its length.
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    private Response answer(org.eclipse.jetty.server.Request request, EndPoint peer) {
        if (!hosts.test(org.eclipse.jetty.server.Request.getServerName(request))) {
            return Response.error(421, "This port answers requests to localhost only: use that name in the address.");
        }
        Optional<Response> nothing = routes.refusal(request.getMethod(), path(request));
        if (nothing.isPresent()) {
            return nothing.get();
        }
        if (request.getMethod().equals("POST") && !isJson(request)) {
            return Response.error(415, "The body must be JSON: set Content-Type: application/json.");
        }
        try {
            byte[] body = body(request);
            if (body.length > limits.maxBodyBytes()) {
                return Response.error(413, "The body is larger than " + limits.maxBodyBytes() + " bytes.");
            }
            connections.answering(peer);
            return run(read(request, body));
        } catch (IOException interrupted) {
            return Response.error(400, "The body is incomplete.");
        } catch (IllegalArgumentException malformed) {
            return Response.error(400, "The query is malformed.");
        }
    }

    private static String path(org.eclipse.jetty.server.Request request) {
        String path = request.getHttpURI().getDecodedPath();
        return path == null ? "" : path;
    }

    private static boolean isJson(org.eclipse.jetty.server.Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    /** Up to one byte more than is allowed. */
    private byte[] body(org.eclipse.jetty.server.Request request) throws IOException {
        if (request.getLength() > limits.maxBodyBytes()) {
            return new byte[limits.maxBodyBytes() + 1];
        }
        try (InputStream in = org.eclipse.jetty.server.Request.asInputStream(request)) {
            return in.readNBytes(limits.maxBodyBytes() + 1);
        }
    }

    private static Request read(org.eclipse.jetty.server.Request request, byte[] body) {
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : org.eclipse.jetty.server.Request.extractQueryParameters(request)) {
            query.put(field.getName(), field.getValues().getLast());
        }
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.merge(
                    field.getName().toLowerCase(Locale.ROOT),
                    field.getValue() == null ? "" : field.getValue(),
                    (first, next) -> first + ", " + next);
        }
        InetAddress peer = peer(request.getConnectionMetaData().getRemoteSocketAddress());
        return new Request(
                request.getMethod(),
                path(request),
                Map.copyOf(query),
                Map.copyOf(headers),
                body,
                peer.isLoopbackAddress(),
                peer.getHostAddress());
    }

    private static InetAddress peer(SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress()
                : new InetSocketAddress(0).getAddress();
    }

    private Response run(Request request) {
        try {
            if (!turns.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS)) {
                return Response.error(503, "Too many requests are being answered. Try again.")
                        .with("Retry-After", "1");
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return Response.error(503, "This port is closing.");
        }
        try {
            return routes.find(request.method(), request.path()).answer(request);
        } catch (RuntimeException defect) {
            LOG.error(
                    "{} {} failed with {}; this is a defect, please report it.",
                    request.method(),
                    request.path(),
                    defect.getClass().getSimpleName());
            return Response.error(500, "This request failed. The log of the worker says more.");
        } finally {
            turns.release();
        }
    }

    /** What Jetty refuses before it reaches a route: malformed, or beyond a limit. Without its message. */
    static boolean refuse(
            org.eclipse.jetty.server.Request request, org.eclipse.jetty.server.Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 400 : response.getStatus();
        String sentence =
                switch (status) {
                    case 414, 431 -> "The address or the headers are too long.";
                    default -> "The request is malformed.";
                };
        send(Response.error(status, sentence), response, callback);
        return true;
    }
}
