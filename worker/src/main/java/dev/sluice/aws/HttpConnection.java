package dev.sluice.aws;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;

/** A connection to one origin, over which one call follows another. Used by one call at a time. */
final class HttpConnection {

    /** A connection that was idle for longer is tried before it is used: the other side may have closed it. */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    /** For how long a connection may be idle. As in the SDK. */
    static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    /** A request of ten receipt handles, or an answer with ten small messages, is one write or read. */
    private static final int BUFFER_BYTES = 16 << 10;

    /** Far more than AWS sends; what exceeds it is not an answer. */
    private static final int MAX_HEADERS = 100;

    private static final Http1Config LIMITS = Http1Config.custom()
            .setBufferSize(BUFFER_BYTES)
            .setMaxLineLength(BUFFER_BYTES)
            .setMaxHeaderCount(MAX_HEADERS)
            .build();

    private static final long NOT_WAITING = 0;

    private final DefaultBHttpClientConnection http = new DefaultBHttpClientConnection(LIMITS);
    private final Origin origin;
    private final Socket socket;
    private boolean reusable;
    private long idleSince;

    /** Since when the other side has been waited for, by the nano clock. */
    private volatile long waitingSince = NOT_WAITING;

    private volatile boolean timedOut;

    private HttpConnection(Origin origin, Socket socket) {
        this.origin = origin;
        this.socket = socket;
    }

    /**
     * Where a connection leads to.
     *
     * @param host a name, or an address; one of IPv6 in brackets
     */
    record Origin(boolean tls, String host, int port) {}

    /**
     * Connects, to the first of the host's addresses that accepts.
     *
     * @param tls makes the sockets; the certificate must be the host's (RFC 9110, section 4.3.4)
     * @param timeout for each address, and for each read of the handshake
     */
    static HttpConnection open(Origin origin, SSLSocketFactory tls, Duration timeout) throws IOException {
        HttpConnection connection = new HttpConnection(origin, connect(origin, timeout));
        try {
            connection.bind(tls, timeout);
        } catch (IOException failure) {
            connection.socket.close();
            throw failure;
        }
        return connection;
    }

    private void bind(SSLSocketFactory tls, Duration timeout) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        if (!origin.tls()) {
            http.bind(socket);
            return;
        }
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        http.bind(handshake(tls), socket);
        socket.setSoTimeout(0); // from here on, see timeOut
    }

    private static Socket connect(Origin origin, Duration timeout) throws IOException {
        IOException last = new UnknownHostException();
        for (InetAddress address : InetAddress.getAllByName(origin.host())) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, origin.port()), Math.toIntExact(timeout.toMillis()));
                return socket;
            } catch (IOException failure) {
                socket.close();
                last = failure;
            }
        }
        throw last;
    }

    private SSLSocket handshake(SSLSocketFactory tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, origin.host(), origin.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    Origin origin() {
        return origin;
    }

    /**
     * Sends a request, and receives the head of its answer. The body is to be read from the answer's entity, which is null if
     * there can be none.
     *
     * @throws IOException also if the answer is not HTTP/1; SocketTimeoutException after {@link #timeOut}
     */
    ClassicHttpResponse exchange(ClassicHttpRequest request) throws IOException {
        reusable = false;
        try {
            ClassicHttpResponse answer = waiting(() -> head(request));
            if (MessageSupport.canResponseHaveBody(request.getMethod(), answer)) {
                http.receiveResponseEntity(answer);
            }
            reusable = DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, answer, HttpCoreContext.create());
            return answer;
        } catch (HttpException notHttp) {
            throw new IOException(notHttp);
        }
    }

    private ClassicHttpResponse head(ClassicHttpRequest request) throws IOException, HttpException {
        http.sendRequestHeader(request);
        http.sendRequestEntity(request);
        http.flush();
        ClassicHttpResponse head = http.receiveResponseHeader();
        while (head.getCode() < HttpStatus.SC_OK) {
            head = http.receiveResponseHeader();
        }
        return head;
    }

    /** Reads from an answer's body. */
    int read(InputStream body, byte[] bytes, int from, int length) throws IOException {
        return this.<Integer, IOException>waiting(() -> body.read(bytes, from, length));
    }

    private interface Step<T, E extends Exception> {
        T run() throws IOException, E;
    }

    /** A step that {@link #timeOut} ends if it takes too long. */
    private <T, E extends Exception> T waiting(Step<T, E> step) throws IOException, E {
        waitingSince = System.nanoTime() | 1;
        try {
            return step.run();
        } catch (IOException failure) {
            throw timedOut ? new SocketTimeoutException() : failure;
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    /**
     * Closes the connection if it has been waited for too long; called by another thread. The socket's own time-out costs a
     * timer for each read, a tenth of all that a worker does (ADR 24), and knows none for writes.
     */
    void timeOut(Duration longest) {
        long since = waitingSince;
        if (since != NOT_WAITING && System.nanoTime() - since > longest.toNanos()) {
            timedOut = true;
            close();
        }
    }

    /** Whether another call may follow, the answer to the last one having been read to its end. */
    boolean isReusable() {
        return reusable && http.isOpen();
    }

    /** Called when a call has ended. */
    void idle() {
        idleSince = System.nanoTime();
    }

    boolean isIdleForTooLong() {
        return idleNanos() > LONGEST_IDLE.toNanos();
    }

    private long idleNanos() {
        return System.nanoTime() - idleSince;
    }

    /** Whether an idle connection still leads anywhere. */
    boolean isAlive() {
        if (idleNanos() < TRUSTED.toNanos()) {
            return true;
        }
        try {
            return !isIdleForTooLong() && !http.isStale();
        } catch (IOException dead) {
            return false;
        }
    }

    boolean isOpen() {
        return http.isOpen();
    }

    /** At once, without waiting for the other side. */
    void close() {
        try {
            socket.close(); // TLS may wait for a lock that a reader holds
        } catch (IOException closed) {
            // there is nothing more to do
        }
        http.close(CloseMode.IMMEDIATE);
    }
}
