package dev.sluice.sandbox;

import java.net.URI;

/**
 * A queue service and a database that live exactly as long as this object: what {@code sluice demo} and the tests run
 * against. Nothing outside the process sees them but through loopback ports chosen at start; nothing of them is left on
 * the machine after {@link #close()}, which is safe to call twice and from a shutdown hook.
 */
public interface Sandbox extends AutoCloseable {

    /** Where the SQS protocol answers: scheme, loopback address and port, no path. Any region and credentials will do. */
    URI sqsEndpoint();

    /**
     * {@code postgresql://user:password@host:port/database}: an empty database and the login that owns it, which may create
     * roles and is no superuser. A secret while the sandbox lives.
     */
    String databaseUrl();

    /**
     * Makes a login, as an administrator of the server would.
     *
     * @param name letters, digits and underscores; new to this sandbox
     * @param group the role whose rights it has; exists
     * @return {@link #databaseUrl()} for that login, with a password of its own
     * @throws IllegalStateException when the server refuses; the message holds the SQLSTATE
     */
    String createLogin(String name, String group);

    /** Stops both servers and removes their files. Blocks until the processes have ended. */
    @Override
    void close();

    /**
     * Starts a sandbox. Found by {@link java.util.ServiceLoader}, so that the worker can offer a demo without knowing the
     * emulator: the module {@code embedded} brings the one implementation, the production image does not hold it.
     */
    interface Provider {

        /**
         * Starts both servers and waits until they answer.
         *
         * @throws IllegalStateException when one cannot be started on this machine; the message says which and why
         */
        Sandbox start();
    }
}
