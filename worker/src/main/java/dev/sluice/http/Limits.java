package dev.sluice.http;

import java.time.Duration;

/**
 * What a port accepts of its peers.
 *
 * @param maxHeaderBytes request line and headers; beyond, 431
 * @param maxBodyBytes beyond, 413
 * @param exchange how long a peer may take to send its request, from the connection on, and again to receive the answer;
 *     then the connection is closed
 * @param answer how long a route may take; then the connection is closed without an answer
 * @param maxConnections beyond, a new connection closes the one that has waited longest for its peer
 * @param maxAnswers routes that run at the same time; beyond, 503
 */
public record Limits(
        int maxHeaderBytes, int maxBodyBytes, Duration exchange, Duration answer, int maxConnections, int maxAnswers) {

    /**
     * Headers as other servers' defaults have them (8 KiB: Apache, Jetty); bodies are commands of some 100 bytes; the time
     * of a probe that is far away; routes read the database, whose statements end after 30 s; some dashboards, probes and
     * scrapers.
     */
    public static final Limits USUAL =
            new Limits(8 << 10, 16 << 10, Duration.ofSeconds(10), Duration.ofSeconds(60), 256, 16);
}
