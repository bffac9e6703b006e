package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A JVM for tests that kill it: starts a server, says where its files are, waits for the end of its input. */
final class ServeUntilKilled {

    private ServeUntilKilled() {}

    /** Not started yet. */
    static ProcessBuilder process() {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                ServeUntilKilled.class.getName());
    }

    public static void main(String[] arguments) throws IOException {
        PostgresServer postgres = PostgresServer.start();
        System.out.println(postgres.folder());
        int end = System.in.read();
        throw new IllegalStateException("not killed but told to end: " + end);
    }
}
