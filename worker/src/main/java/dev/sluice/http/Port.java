package dev.sluice.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP port that answers HTTP/1.1 from its routes, each request on a virtual thread of its own. Every answer carries the
 * headers that protect a browser's user; an error says what to do, and shows neither a message nor a stack. Thread-safe.
 */
public final class Port implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);

    /** One accepts, one selects; the others start virtual threads, and never block. */
    private static final int PLATFORM_THREADS = 5;

    /** What a drain may lose by a peer that is stuck. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private final Server server;
    private final int number;

    private Port(Server server, int number) {
        this.server = server;
        this.number = number;
    }

    /**
     * Binds the port and answers from then on.
     *
     * @param address port 0 picks a free one
     * @param hosts which names requests may be addressed to, without the port; others are answered 421. On loopback, only
     *     its own: a page elsewhere may have its name resolve to this machine (DNS rebinding)
     * @throws IOException if the address cannot be bound: the port is taken, needs privileges, or the address is not of
     *     this machine
     */
    public static Port open(InetSocketAddress address, Predicate<String> hosts, Routes routes, Limits limits)
            throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS, 1);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        threads.setStopTimeout(LONGEST_CLOSE.toMillis() / 2);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration(limits)));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        // With the default of 50, the kernel makes a probe wait for a second behind so many that come at once.
        connector.setAcceptQueueSize(limits.maxConnections());
        // The deadlines of Connections are stricter.
        connector.setIdleTimeout(limits.answer().plus(limits.exchange()).toMillis());
        server.addConnector(connector);
        connector.open();
        Connections connections = new Connections(connector.getScheduler(), limits);
        connector.addBean(connections);
        server.setHandler(new Dispatcher(routes, hosts, limits, connections));
        server.setErrorHandler(Dispatcher::refuse);
        Port port = new Port(server, connector.getLocalPort());
        port.start();
        return port;
    }

    private static HttpConfiguration configuration(Limits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(limits.maxHeaderBytes());
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setPersistentConnectionsEnabled(false);
        http.setRelativeRedirectAllowed(false);
        return http;
    }

    @SuppressWarnings("IllegalCatch") // Jetty declares Exception
    private void start() throws IOException {
        try {
            server.start();
        } catch (Exception failed) {
            close();
            throw new IOException("the server of a port did not start", failed);
        }
    }

    /** The port's number, also when a free one was picked. */
    public int number() {
        return number;
    }

    /** Closes all connections, also those whose request is not answered. Takes a second at most. */
    @Override
    public void close() {
        Thread closing = Thread.ofVirtual().name("close-port").start(this::stop);
        try {
            if (!closing.join(LONGEST_CLOSE)) {
                LOG.debug("A port is still closing.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("IllegalCatch") // Jetty declares Exception
    private void stop() {
        try {
            server.stop();
        } catch (Exception failed) {
            LOG.warn("A port could not be closed: {}.", failed.getClass().getSimpleName());
        }
    }
}
