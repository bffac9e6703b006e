package dev.sluice.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets Manager and Parameter Store over HTTP, in AWS's JSON protocol. Answers what a test puts in under an ARN, and
 * records each call. Thread-safe.
 */
public final class TestSecrets implements AutoCloseable {

    public static final String SECRET = "arn:aws:secretsmanager:eu-west-3:111122223333:secret:prod/db-AbCdEf";
    public static final String PARAMETER = "arn:aws:ssm:eu-north-1:111122223333:parameter/prod/db";

    /** @param authorization the header: whose key signed what for which region and service */
    record Call(String target, String body, String authorization) {}

    private static final Pattern NAME = Pattern.compile("\"(?:SecretId|Name)\":\"([^\"]*)\"");

    private final HttpServer server;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile int status;
    private volatile String answer = "";

    public TestSecrets() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a process needs to find both. */
    public Map<String, String> environment() {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        return new HashMap<>(Map.of(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                endpoint,
                "AWS_ENDPOINT_URL_SSM",
                endpoint,
                "AWS_ACCESS_KEY_ID",
                "AKIDX",
                "AWS_SECRET_ACCESS_KEY",
                "s"));
    }

    /** From now on the secret has this text. */
    public TestSecrets put(String arn, String text) {
        secrets.put(arn, text);
        return this;
    }

    /** The next calls get this answer instead. */
    TestSecrets failing(int times, int httpStatus, String body) {
        failures.set(times);
        status = httpStatus;
        answer = body;
        return this;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = Objects.requireNonNull(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(new Call(
                target, body, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            send(exchange, status, answer);
            return;
        }
        String text = secrets.get(Objects.requireNonNullElse(name(body), ""));
        if (text == null) {
            boolean parameter = target.startsWith("AmazonSSM");
            send(
                    exchange,
                    400,
                    "{\"__type\":\"" + (parameter ? "" : "com.amazonaws.secretsmanager#")
                            + (parameter ? "ParameterNotFound" : "ResourceNotFoundException")
                            + "\",\"Message\":\"canary-message\"}");
        } else if (target.equals("secretsmanager.GetSecretValue")) {
            send(
                    exchange,
                    200,
                    "{\"Name\":\"x\",\"SecretString\":" + quoted(text) + ",\"VersionStages\":[\"AWSCURRENT\"]}");
        } else {
            send(
                    exchange,
                    200,
                    "{\"Parameter\":{\"Type\":\"SecureString\",\"Value\":" + quoted(text) + ",\"Version\":1}}");
        }
    }

    private static @Nullable String name(String body) {
        Matcher name = NAME.matcher(body);
        return name.find() ? name.group(1) : null;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static void send(HttpExchange exchange, int httpStatus, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.getResponseHeaders().set("x-amzn-RequestId", "request-1");
        exchange.sendResponseHeaders(httpStatus, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
