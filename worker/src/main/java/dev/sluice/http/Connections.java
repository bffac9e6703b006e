package dev.sluice.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connections of a port. Each serves one request and has a deadline at every moment, whatever its peer does: sends
 * nothing, a byte at a time, or never reads. When there are too many, the one that has waited longest for its peer makes
 * room, so that stuck connections cannot keep a probe out. Thread-safe.
 */
final class Connections implements Connection.Listener {

    private final Scheduler scheduler;
    private final Limits limits;
    private final Map<EndPoint, Scheduler.Task> deadlines = new HashMap<>();
    /** Those whose peer is to send or receive, longest first. */
    private final Set<EndPoint> waiting = new LinkedHashSet<>();

    Connections(Scheduler scheduler, Limits limits) {
        this.scheduler = scheduler;
        this.limits = limits;
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint peer = connection.getEndPoint();
        EndPoint evicted = null;
        synchronized (this) {
            waiting.add(peer);
            restart(peer, limits.exchange());
            if (deadlines.size() > limits.maxConnections()) {
                evicted = waiting.iterator().next();
                waiting.remove(evicted);
            }
        }
        if (evicted != null) {
            evicted.close();
        }
    }

    /** Its request was received whole; a route works on the answer. */
    synchronized void answering(EndPoint peer) {
        waiting.remove(peer);
        restart(peer, limits.answer());
    }

    /** The answer is there; its peer has to take it. */
    synchronized void sending(EndPoint peer) {
        waiting.add(peer);
        restart(peer, limits.exchange());
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        waiting.remove(connection.getEndPoint());
        Scheduler.Task deadline = deadlines.remove(connection.getEndPoint());
        if (deadline != null) {
            deadline.cancel();
        }
    }

    private void restart(EndPoint peer, Duration time) {
        Scheduler.Task before = deadlines.put(peer, scheduler.schedule(peer::close, time));
        if (before != null) {
            before.cancel();
        }
    }
}
