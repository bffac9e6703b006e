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
 * SQS over HTTP inside this JVM: ElasticMQ on a free loopback port, queues in memory, nothing on disk. One per test is
 * meant to be affordable. Safe for use by several threads; starts no thread that would keep the JVM alive.
 *
 * <p>It differs from AWS: a stale receipt handle is an error, a redriven message keeps its id, the size limit counts
 * characters, and there is no throttling, no in-flight quota and no spontaneous duplicate.
 *
 * <p>Its loggers are {@code org.elasticmq} and {@code org.apache.pekko}. The first prints message bodies at DEBUG: the
 * logging configuration of whoever starts it has to cap it at WARN.
 */
public final class SqsServer implements AutoCloseable {

    /** ElasticMQ answers in well under a second; this only bounds a machine that is stuck. */
    private static final Duration PATIENCE = Duration.create(30, "s");

    // Pekko would stop the server in a JVM shutdown hook of its own, while the worker still drains and deletes.
    // A malformed request would be logged with its content.
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
     * @throws IllegalStateException when no loopback port can be bound
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
                    actors, server, Await.result(server.startFuture(), PATIENCE).localAddress());
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
            Await.ready(actors.terminate(), PATIENCE);
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
