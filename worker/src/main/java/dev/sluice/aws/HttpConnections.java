package dev.sluice.aws;

import dev.sluice.aws.HttpConnection.Origin;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * HTTP/1.1 over persistent connections (RFC 9112, section 9.3), as many as there are calls at once. HttpCore writes and
 * reads the messages. Only the pool is ours, because what Apache HttpClient does around a call costs as much as the call
 * (ADR 24). No proxies, redirects, cookies, compression, or retries. Thread-safe.
 */
final class HttpConnections implements SdkHttpClient {

    /** In the time that an answer may take: it is noticed a tenth late at most that an answer takes too long. */
    private static final int SWEEPS = 10;

    private final SSLSocketFactory tls;
    private final Duration connectTimeout;
    private final Duration answerTimeout;

    /** The latest first, so that those that are too many grow old. */
    private final Deque<HttpConnection> idle = new ConcurrentLinkedDeque<>();

    /** Those that are used now too. */
    private final Set<HttpConnection> all = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param connectTimeout for each of a host's addresses, and for each read of a handshake
     * @param answerTimeout for a request and the head of its answer, and for each read of its body
     */
    HttpConnections(Duration connectTimeout, Duration answerTimeout) {
        this((SSLSocketFactory) SSLSocketFactory.getDefault(), connectTimeout, answerTimeout);
    }

    HttpConnections(SSLSocketFactory tls, Duration connectTimeout, Duration answerTimeout) {
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.answerTimeout = answerTimeout;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Call(request);
    }

    /** Calls under way are not stopped; their connections are closed after them. */
    @Override
    public void close() {
        closed = true;
        idle.forEach(HttpConnection::close);
        idle.clear();
    }

    private HttpConnection connection(Origin origin) throws IOException {
        for (HttpConnection known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
            if (known.origin().equals(origin) && known.isAlive()) {
                return known;
            }
            known.close();
        }
        HttpConnection opened = HttpConnection.open(origin, tls, connectTimeout);
        all.add(opened);
        sweepInBackground();
        return opened;
    }

    private void sweepInBackground() {
        if (!all.isEmpty() && sweeping.compareAndSet(false, true)) {
            Thread.ofVirtual().name("connections").start(this::sweep);
        }
    }

    /** While there are connections: ends waits that take too long, and closes what was idle for too long. */
    private void sweep() {
        while (!all.isEmpty()) {
            LockSupport.parkNanos(answerTimeout.dividedBy(SWEEPS).toNanos());
            all.forEach(connection -> connection.timeOut(answerTimeout));
            closeIdle();
            all.removeIf(connection -> !connection.isOpen());
        }
        sweeping.set(false);
        sweepInBackground(); // one may have been opened meanwhile
    }

    private void release(HttpConnection connection) {
        if (!connection.isReusable()) {
            connection.close();
            return;
        }
        connection.idle();
        idle.addFirst(connection);
        if (closed) {
            close();
        }
    }

    private void closeIdle() {
        HttpConnection oldest = idle.peekLast();
        while (oldest != null && oldest.isIdleForTooLong()) {
            if (idle.removeLastOccurrence(oldest)) {
                oldest.close();
            }
            oldest = idle.peekLast();
        }
    }

    /** One request and its answer. */
    private final class Call implements ExecutableHttpRequest {

        private final HttpExecuteRequest request;
        private volatile @Nullable HttpConnection connection;

        Call(HttpExecuteRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            ClassicHttpRequest message = message(request);
            HttpConnection used = connection(origin(request.httpRequest()));
            connection = used;
            try {
                return answer(used, used.exchange(message));
            } catch (IOException | RuntimeException failure) {
                used.close();
                throw failure;
            }
        }

        @Override
        public void abort() {
            HttpConnection used = connection;
            if (used != null) {
                used.close();
            }
        }
    }

    private static Origin origin(SdkHttpRequest request) {
        return new Origin("https".equals(request.protocol()), request.host(), request.port());
    }

    private static ClassicHttpRequest message(HttpExecuteRequest request) throws IOException {
        SdkHttpRequest head = request.httpRequest();
        String path = head.encodedPath().isEmpty() ? "/" : head.encodedPath();
        BasicClassicHttpRequest message = new BasicClassicHttpRequest(
                head.method().name(),
                head.encodedQueryParameters().map(query -> path + "?" + query).orElse(path));
        head.forEachHeader((name, values) -> values.forEach(value -> message.addHeader(name, value)));
        if (!message.containsHeader(HttpHeaders.HOST)) {
            message.addHeader(HttpHeaders.HOST, head.host() + ":" + head.port());
        }
        ContentStreamProvider content = request.contentStreamProvider().orElse(null);
        if (content != null) {
            byte[] body;
            try (InputStream stream = content.newStream()) {
                body = stream.readAllBytes();
            }
            message.setHeader(HttpHeaders.CONTENT_LENGTH, body.length);
            message.setEntity(new ByteArrayEntity(body, null));
        }
        return message;
    }

    private HttpExecuteResponse answer(HttpConnection connection, ClassicHttpResponse received) throws IOException {
        SdkHttpFullResponse.Builder head = SdkHttpFullResponse.builder().statusCode(received.getCode());
        for (Header header : received.getHeaders()) {
            head.appendHeader(header.getName(), header.getValue());
        }
        HttpExecuteResponse.Builder answer = HttpExecuteResponse.builder().response(head.build());
        HttpEntity entity = received.getEntity();
        if (entity == null) {
            release(connection);
        } else {
            answer.responseBody(
                    AbortableInputStream.create(new Body(connection, entity.getContent()), connection::close));
        }
        return answer.build();
    }

    /** The body of an answer; its connection is free when it is closed. Used by one thread. */
    private final class Body extends FilterInputStream {

        private final HttpConnection connection;
        private boolean ended;
        private boolean released;

        Body(HttpConnection connection, InputStream content) {
            super(content);
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = ended ? -1 : connection.read(in, bytes, from, length);
            ended = read < 0;
            return read;
        }

        /** A body that was not read to its end is not worth the wait for the rest. */
        @Override
        public void close() {
            if (released) {
                return;
            }
            released = true;
            if (isAtEnd()) {
                release(connection);
            } else {
                connection.close();
            }
        }

        private boolean isAtEnd() {
            try {
                return read() < 0;
            } catch (IOException broken) {
                return false;
            }
        }
    }
}
