package dev.sluice.embedded;

import dev.sluice.sandbox.Sandbox;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Both servers as a process of their own: it prints the queue's endpoint and the database's URL, a line each, and stops when
 * its standard input ends, so that it outlives nobody who started it. For the training run of the class cache.
 */
public final class SandboxProcess {

    private SandboxProcess() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        try (Sandbox sandbox = new EmbeddedSandboxProvider().start()) {
            System.out.println(sandbox.sqsEndpoint());
            System.out.println(sandbox.databaseUrl());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
