package dev.sluice.bench.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import javax.net.ServerSocketFactory;

/**
 * The server of one queue at a time, on a free loopback port; every queue name leads to that queue. One platform thread per
 * connection: a client of the bench opens a few hundred at most, and a blocked read costs least that way. Thread-safe.
 */
final class StubServer implements AutoCloseable {

    private static final int BACKLOG = 512;

    private final ServerSocket socket;
    private final String scheme;
    private volatile Operations operations;
    private int queues;

    private StubServer(ServerSocket socket, String scheme, Operations operations) {
        this.socket = socket;
        this.scheme = scheme;
        this.operations = operations;
    }

    /** @param sockets plain, or those of a TLS context */
    static StubServer start(ServerSocketFactory sockets, String scheme) throws IOException {
        ServerSocket socket = sockets.createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        QueueSpec empty = QueueSpec.parse("messages=0");
        StubServer server =
                new StubServer(socket, scheme, new Operations(new Queue(0, empty), Messages.generate(empty)));
        Thread.ofPlatform().daemon().name("accept").start(server::accept);
        return server;
    }

    URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + socket.getLocalPort());
    }

    Queue queue() {
        return operations.queue();
    }

    /** Replaces the queue by a new one; handles of the old one become invalid. */
    synchronized Queue fill(QueueSpec spec) {
        Messages messages = Messages.generate(spec);
        operations.queue().release();
        Queue queue = new Queue(++queues, spec);
        operations = new Operations(queue, messages);
        return queue;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofPlatform().daemon().name("connection").start(new Connection(client, scheme, () -> operations));
            }
        } catch (IOException closed) {
            // By close(): the process or the test ends.
        }
    }

    @Override
    public void close() throws IOException {
        operations.queue().release();
        socket.close();
    }
}
