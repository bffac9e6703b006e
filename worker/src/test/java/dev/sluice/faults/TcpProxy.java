package dev.sluice.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network that can be broken: passes bytes to a server until it is told otherwise. Listens on one port for all its life,
 * so that "down" is refused connections and "up" is the same address again. Thread-safe; the threads are its own.
 */
final class TcpProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpProxy.class);
    private static final int CHUNK = 16 * 1024;

    /** How the bytes flow, in both directions. */
    private record Flow(Duration latency, int slice, long bytesPerSecond) {
        static final Flow FREE = new Flow(Duration.ZERO, CHUNK, Long.MAX_VALUE);
    }

    private final InetSocketAddress behind;
    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile @Nullable ServerSocket listener;
    private volatile Flow flow = Flow.FREE;
    private volatile boolean black;
    private volatile long bytesUntilCut = Long.MAX_VALUE;
    private volatile String request = "";
    private volatile String answer = "";

    TcpProxy(String host, int port) {
        this.behind = new InetSocketAddress(host, port);
        this.port = listen(0);
    }

    int port() {
        return port;
    }

    /** Every connection ends, new ones are refused. */
    void down() {
        closeListener();
        links.forEach(Link::close);
    }

    void up() {
        listen(port);
    }

    /** Bytes go nowhere, in either direction, and nothing tells so; connections can still be made. Cannot be undone for open ones. */
    void blackHole() {
        black = true;
    }

    /** The end of a black hole: connections that fell into it are gone, new ones pass. */
    void light() {
        black = false;
        links.forEach(Link::close);
    }

    /** Every connection is reset (RST). */
    void reset() {
        links.forEach(Link::reset);
    }

    /** Every chunk, of either direction, comes so much later. */
    void latency(Duration latency) {
        flow = new Flow(latency, CHUNK, Long.MAX_VALUE);
    }

    /** Bytes come one at a time, at most so many a second. */
    void trickle(long bytesPerSecond) {
        flow = new Flow(Duration.ZERO, 1, bytesPerSecond);
    }

    void free() {
        flow = Flow.FREE;
        bytesUntilCut = Long.MAX_VALUE;
    }

    /** Every connection made from now on is cut when its client has sent so many bytes. */
    void cutAfter(long bytes) {
        bytesUntilCut = bytes;
    }

    /**
     * On a connection whose client has sent {@code request}, an answer that holds {@code answer} is swallowed and the
     * connection cut: the server has done it, the client does not know.
     */
    void loseAnswers(int times, String request, String answer) {
        this.request = request;
        this.answer = answer;
        answersToLose.set(times);
    }

    /** How many answers were lost so. */
    int lost() {
        return lost.get();
    }

    @Override
    public void close() {
        down();
        threads.shutdownNow();
    }

    private int listen(int wanted) {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            listener = opened;
            threads.execute(() -> accept(opened));
            return opened.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeListener() {
        ServerSocket open = listener;
        if (open != null) {
            quietly(open);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Link link = new Link(from.accept());
                links.add(link);
                threads.execute(link::upward);
                threads.execute(link::downward);
            } catch (IOException closedOrServerAway) {
                LOG.debug("A connection was not passed on: the listener is closed, or the server away");
            }
        }
    }

    // A socket that cannot be closed is closed already.
    private static void quietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One connection and its two directions. */
    private final class Link {

        private final Socket client;
        private final Socket server = new Socket();
        private volatile boolean asked;

        Link(Socket client) throws IOException {
            this.client = client;
            try {
                server.connect(behind);
            } catch (IOException e) {
                client.close();
                throw e;
            }
        }

        void upward() {
            long left = bytesUntilCut;
            byte[] chunk = new byte[CHUNK];
            try (InputStream in = client.getInputStream()) {
                for (int read = in.read(chunk); read >= 0 && left > 0; read = in.read(chunk)) {
                    asked |= !request.isEmpty() && holds(chunk, read, request);
                    int passed = (int) Math.min(left, read);
                    pass(chunk, passed, server.getOutputStream());
                    left -= passed;
                }
            } catch (IOException ended) {
                asked = false; // whoever ended it, both ends are closed below
            } finally {
                close();
            }
        }

        void downward() {
            byte[] chunk = new byte[CHUNK];
            try (InputStream in = server.getInputStream()) {
                for (int read = in.read(chunk); read >= 0 && !isLost(chunk, read); read = in.read(chunk)) {
                    pass(chunk, read, client.getOutputStream());
                }
            } catch (IOException ended) {
                asked = false; // whoever ended it, both ends are closed below
            } finally {
                close();
            }
        }

        private boolean isLost(byte[] chunk, int length) {
            boolean hit = asked && holds(chunk, length, answer) && answersToLose.getAndDecrement() > 0;
            if (hit) {
                lost.incrementAndGet();
            }
            return hit;
        }

        private void pass(byte[] chunk, int length, OutputStream out) throws IOException {
            Flow now = flow;
            LockSupport.parkNanos(now.latency().toNanos());
            for (int from = 0; from < length && !black; from += now.slice()) {
                int count = Math.min(now.slice(), length - from);
                out.write(chunk, from, count);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() * count / now.bytesPerSecond());
            }
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
            } catch (IOException closedBefore) {
                links.remove(this);
            }
            close();
        }

        void close() {
            links.remove(this);
            quietly(client);
            quietly(server);
        }
    }

    private static boolean holds(byte[] chunk, int length, String pattern) {
        return new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains(pattern);
    }
}
