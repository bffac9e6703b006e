package dev.sluice.bench.stub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import javax.net.ServerSocketFactory;

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

    /** Serves until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        try (StubServer server = StubServer.start(ServerSocketFactory.getDefault(), "http");
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(server.endpoint());
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(answer(server, line.strip()));
            }
        }
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
