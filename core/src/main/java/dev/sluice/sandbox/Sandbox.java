package dev.sluice.sandbox;

import java.net.URI;

/**
 * A queue service and a database that live as long as this object; {@code sluice demo} and the tests run against them.
 * They are reachable only through loopback ports chosen at start. {@link #close()} leaves nothing on the machine, and
 * is safe to call twice and from a shutdown hook.
 */
public interface Sandbox extends AutoCloseable {

    /** Endpoint of the SQS protocol: scheme, loopback address and port, no path. Accepts any region and credentials. */
    URI sqsEndpoint();

    /**
     * {@code postgresql://user:password@host:port/database}: an empty database and the login that owns it, which may
     * create roles but is not a superuser. A secret while the sandbox lives.
     */
    String databaseUrl();

    /**
     * Creates a login, as an administrator of the server would.
     *
     * @param name letters, digits and underscores; new to this sandbox
     * @param group the existing role whose privileges it gets
     * @return {@link #databaseUrl()} for that login, with its own password
     * @throws IllegalStateException if the server refuses; the message contains the SQLSTATE
     */
    String createLogin(String name, String group);

    /** Stops both servers and removes their files. Blocks until the processes have ended. */
    @Override
    void close();

    /**
     * Starts a sandbox. Found by {@link java.util.ServiceLoader}, so that the worker can offer a demo without knowing
     * the emulator: the module {@code embedded} has the only implementation, and the production image does not contain
     * it.
     */
    interface Provider {

        /**
         * Starts both servers and waits until they answer.
         *
         * @throws IllegalStateException if one cannot be started on this machine; the message says which and why
         */
        Sandbox start();
    }
}
