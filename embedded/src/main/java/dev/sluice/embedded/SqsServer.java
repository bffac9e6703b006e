package dev.sluice.embedded;

import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * SQS over HTTP inside this JVM: ElasticMQ on a free loopback port, queues in memory, nothing on disk. Cheap enough for one
 * per test. Thread-safe; starts only daemon threads.
 *
 * <p>It differs from AWS: a stale receipt handle is an error, a redriven message keeps its id, the size limit counts
 * characters, and it never throttles, limits messages in flight or delivers a duplicate.
 *
 * <p>Its loggers are {@code org.elasticmq} and {@code org.apache.pekko}. The first prints message bodies at DEBUG, so the
 * logging configuration must limit it to WARN.
 */
public final class SqsServer implements AutoCloseable {

    /** ElasticMQ answers in well under a second; this is for a machine that hangs. */
    private static final Duration TIMEOUT = Duration.create(30, "s");

    // Without these, Pekko stops the server in its own JVM shutdown hook, while the worker still drains and deletes,
    // and logs
    // malformed requests with their content.
    private static final String SETTINGS =
            """
            pekko.loglevel = WARNING
            pekko.stdout-loglevel = OFF
            pekko.log-dead-letters = off
            pekko.daemonic = on
            pekko.jvm-shutdown-hooks = off
            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            pekko.http.server.parsing.error-logging-verbosity = off
            """;

    private final ActorSystem actors;
    private final SQSRestServer server;
    private final URI endpoint;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqsServer(ActorSystem actors, SQSRestServer server, InetSocketAddress address) {
        this.actors = actors;
        this.server = server;
        this.endpoint = URI.create("http://127.0.0.1:" + address.getPort());
    }

    /**
     * Starts an empty server and waits until it accepts connections.
     *
     * @throws IllegalStateException if no loopback port can be bound
     */
    public static SqsServer start() {
        ActorSystem actors = ActorSystem.create(
                "sluice-sqs",
                ConfigFactory.parseString(SETTINGS).withFallback(ConfigFactory.load(SqsServer.class.getClassLoader())),
                SqsServer.class.getClassLoader());
        SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                .withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        try {
            return new SqsServer(
                    actors, server, Await.result(server.startFuture(), TIMEOUT).localAddress());
        } catch (Exception failure) {
            restoreInterrupt(failure);
            actors.terminate();
            throw new IllegalStateException("the SQS server could not be started on 127.0.0.1: "
                    + failure.getClass().getSimpleName());
        }
    }

    /** Where the SQS protocol (AWS JSON and query) answers: scheme, address and port. Credentials are not checked. */
    public URI endpoint() {
        return endpoint;
    }

    /** Ends open long polls and frees the port; blocks until that is done. Safe to call twice and from a hook. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        server.stopAndWait();
        try {
            Await.ready(actors.terminate(), TIMEOUT);
        } catch (TimeoutException | InterruptedException leftToDaemonThreads) {
            restoreInterrupt(leftToDaemonThreads);
        }
    }

    private static void restoreInterrupt(Exception exception) {
        if (exception instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
