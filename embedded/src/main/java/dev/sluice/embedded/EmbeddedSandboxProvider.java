package dev.sluice.embedded;

import dev.sluice.sandbox.Sandbox;
import java.net.URI;

/**
 * Starts a {@link PostgresServer} and an {@link SqsServer} and stops them together. Found by {@link
 * java.util.ServiceLoader}. Stateless.
 */
public final class EmbeddedSandboxProvider implements Sandbox.Provider {

    /** Called by {@link java.util.ServiceLoader}. */
    public EmbeddedSandboxProvider() {}

    @Override
    public Sandbox start() {
        PostgresServer postgres = PostgresServer.start();
        try {
            return new EmbeddedSandbox(SqsServer.start(), postgres, postgres.createDatabase("sluice"));
        } catch (RuntimeException failure) {
            postgres.close();
            throw failure;
        }
    }

    private record EmbeddedSandbox(SqsServer sqs, PostgresServer postgres, String databaseUrl) implements Sandbox {

        @Override
        public URI sqsEndpoint() {
            return sqs.endpoint();
        }

        @Override
        public String createLogin(String name, String group) {
            return postgres.createLogin(databaseUrl, name, group);
        }

        @Override
        public void close() {
            try (postgres) {
                sqs.close();
            }
        }
    }
}
