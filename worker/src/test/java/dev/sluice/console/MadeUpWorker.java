package dev.sluice.console;

import static dev.sluice.console.MadeUpJson.object;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Serves the page and answers its requests with made-up figures. What tests change between requests is volatile. */
final class MadeUpWorker implements AutoCloseable {

    /** As strict as the worker's own. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript", "css", "text/css", "svg", "image/svg+xml", "html", "text/html");

    private final HttpServer server;
    private final AtomicInteger statusRequests = new AtomicInteger();
    private final Queue<Map<?, ?>> replays = new ConcurrentLinkedQueue<>();

    volatile Scene scene = Scene.RUNNING;
    volatile boolean operator = true;
    /** Closes connections without an answer. */
    volatile boolean gone;
    /** What only a database login with more rights may read answers 403. */
    volatile boolean denied;
    /** Null: loopback without a token. */
    volatile @Nullable String token;

    MadeUpWorker() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Of the page, with a slash at the end. */
    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    /** How often the status was asked for. */
    int statusRequests() {
        return statusRequests.get();
    }

    /** The bodies of the replays that were asked for. */
    List<Map<?, ?>> replays() {
        return List.copyOf(replays);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (gone) {
                return;
            }
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (path.startsWith("/api/")) {
                api(exchange, path.substring("/api/".length()));
            } else {
                file(exchange, path.equals("/") ? "index.html" : path.substring(path.lastIndexOf('/') + 1));
            }
        }
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        String resource = name.equals("chart.js")
                ? "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js"
                : "/dev/sluice/console/" + name;
        try (InputStream in = MadeUpWorker.class.getResourceAsStream(resource)) {
            if (in == null) {
                send(exchange, 404, "text/plain", new byte[0]);
                return;
            }
            byte[] content = in.readAllBytes();
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            send(exchange, 200, type + "; charset=utf-8", name.equals("index.html") ? withTable(content) : content);
        }
    }

    /** As the worker does for browsers without scripts. */
    private static byte[] withTable(byte[] page) {
        return new String(page, StandardCharsets.UTF_8)
                .replace("<!-- figures -->", "<table><tr><th scope=\"row\">State</th><td>running</td></tr></table>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        String required = token;
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (required != null && !("Bearer " + required).equals(sent)) {
            json(exchange, 401, object("error", "A token is required."));
        } else if (denied && !List.of("me", "status", "history", "needs").contains(path)) {
            json(
                    exchange,
                    403,
                    object("error", "The worker's login may not read this. Grant it the role sluice_auditor."));
        } else if (path.equals("quarantine/replay")) {
            replay(exchange, MadeUpJson.read(body));
        } else {
            json(exchange, 200, document(path, query(exchange)));
        }
    }

    private void replay(HttpExchange exchange, Map<?, ?> wanted) throws IOException {
        int count = MadeUpPages.selected(scene, wanted.get("reason") instanceof String reason ? reason : "");
        if (!Integer.valueOf(count).equals(wanted.get("confirm"))) {
            json(exchange, 400, object("error", "confirm is not the number of records.", "field", "confirm"));
            return;
        }
        replays.add(wanted);
        json(
                exchange,
                200,
                object(
                        "replayed",
                        count,
                        "stored",
                        count - 1,
                        "duplicates",
                        0,
                        "rejected",
                        1,
                        "unopened",
                        0,
                        "audit_seq",
                        18));
    }

    private Object document(String path, Map<String, String> query) {
        return switch (path) {
            case "me" ->
                object(
                        "role",
                        operator ? "operator" : "viewer",
                        "authentication",
                        token == null ? "loopback" : "token",
                        "replay",
                        operator);
            case "status" -> {
                statusRequests.incrementAndGet();
                yield MadeUpFigures.status(scene);
            }
            case "history" -> MadeUpFigures.history(scene, "day".equals(query.get("span")));
            case "needs" -> MadeUpFigures.needs(scene);
            case "quarantine/reasons" -> MadeUpPages.reasons(scene);
            case "quarantine" -> MadeUpPages.quarantine(scene, query);
            case "quarantine/replay-plan" -> MadeUpPages.plan(scene, query.getOrDefault("reason", ""));
            case "table" -> MadeUpPages.table(scene);
            case "shared" -> MadeUpPages.shared(scene, query.getOrDefault("column", ""));
            case "keys" -> MadeUpPages.keys(query.containsKey("count"));
            case "audit" -> MadeUpPages.audit(scene);
            case "doctor" -> MadeUpPages.doctor(scene);
            case "settings" -> MadeUpPages.settings();
            default -> throw new IllegalArgumentException("no such route: " + path);
        };
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static void json(HttpExchange exchange, int status, Object document) throws IOException {
        send(exchange, status, "application/json", MadeUpJson.text(document).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
