package dev.sluice.embedded;

import java.io.IOException;

/** A JVM for {@link KilledJvmIT}: starts a server, says where its files are, waits for the end of its input. */
final class ServeUntilKilled {

    private ServeUntilKilled() {}

    public static void main(String[] arguments) throws IOException {
        PostgresServer postgres = PostgresServer.start();
        System.out.println(postgres.folder());
        int end = System.in.read();
        throw new IllegalStateException("not killed but told to end: " + end);
    }
}
