package dev.sluice.faults;

import dev.sluice.http.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many peers of a port that are stuck all the time: whenever the server closes one, it comes again. Some send nothing,
 * some a part of a request, and some do not read the answer. Thread-safe.
 */
final class StuckPeers implements AutoCloseable {

    /** Silent, a request line without end, headers without end, an answer that nobody reads. */
    static final List<String> BEGINNINGS = List.of(
            "",
            "GET /metr",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /** Of a peer that does not read: the least that Linux gives it. */
    private static final int RECEIVE_BYTES = 2_048;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger closed = new AtomicInteger();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Comes to a port of this machine. */
    StuckPeers(int port, int count) {
        for (int i = 0; i < count; i++) {
            String beginning = BEGINNINGS.get(i % BEGINNINGS.size());
            threads.add(Thread.ofVirtual().start(() -> stickAgain(port, beginning)));
        }
    }

    private void stickAgain(int port, String beginning) {
        try {
            do {
                try (Socket socket = connect(port)) {
                    Wire.send(socket, beginning);
                    stick(socket, beginning.endsWith("\r\n\r\n"));
                }
            } while (!end.await(0, TimeUnit.SECONDS));
        } catch (IOException refused) {
            surprises.add(refused + " after " + beginning);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void stick(Socket socket, boolean isAnswered) throws IOException, InterruptedException {
        if (isAnswered) {
            end.await();
        } else if (Wire.isClosed(socket)) {
            closed.incrementAndGet();
        } else {
            surprises.add("an answer");
        }
    }

    /** How many the server has closed so far. */
    int closed() {
        return closed.get();
    }

    /** What else it did: refuse a connection, answer, or not close within a minute. */
    Queue<String> surprises() {
        return surprises;
    }

    /** Waits until the server has closed each that sent no whole request. */
    @Override
    public void close() {
        end.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
