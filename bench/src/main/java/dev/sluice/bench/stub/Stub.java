package dev.sluice.bench.stub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The process of the stub queue, commanded by lines on standard input, each answered by one line on standard output:
 *
 * <pre>
 *     fill messages=1000 latencyMillis=20   a new queue ({@link QueueSpec}): ok, once it is ready
 *     stats                                 what happened to it ({@link Tally}), done=1 once all is deleted
 *     percentiles                           the same with percentiles
 *     release                               ends open long polls and makes later ones not wait: ok
 * </pre>
 *
 * The first line on standard output is its endpoint. The end of input ends it, so no stub outlives its harness.
 */
public final class Stub {

    private Stub() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments none for plain http; for TLS a PKCS #12 key store, whose password is in {@code
     *     BENCH_KEYSTORE_PASSWORD}
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        try (StubServer server = arguments.length == 0
                        ? StubServer.start(ServerSocketFactory.getDefault(), "http")
                        : StubServer.start(tls(Path.of(arguments[0])), "https");
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(server.endpoint());
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(answer(server, line.strip()));
            }
        }
    }

    private static ServerSocketFactory tls(Path keyStore) throws IOException, GeneralSecurityException {
        char[] password =
                String.valueOf(System.getenv("BENCH_KEYSTORE_PASSWORD")).toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    private static String answer(StubServer server, String line) {
        String[] words = line.split(" ", 2);
        return switch (words[0]) {
            case "fill" -> fill(server, words.length == 1 ? "" : words[1]);
            case "stats" -> server.queue().tally(false);
            case "percentiles" -> server.queue().tally(true);
            case "release" -> release(server);
            default -> "unknown command; expected fill, stats, percentiles or release";
        };
    }

    private static String fill(StubServer server, String spec) {
        try {
            server.fill(QueueSpec.parse(spec));
            return "ok";
        } catch (IllegalArgumentException invalid) {
            return String.valueOf(invalid.getMessage());
        }
    }

    private static String release(StubServer server) {
        server.queue().release();
        return "ok";
    }
}
