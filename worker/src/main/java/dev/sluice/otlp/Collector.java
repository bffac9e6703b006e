package dev.sluice.otlp;

import dev.sluice.config.TelemetrySettings.Endpoint;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An OpenTelemetry collector that takes one signal, by POST of protobuf (OTLP/HTTP 1.10.0). What cannot be delivered is
 * dropped: one warning says since when, one line that it works again. Nothing that a server answers is logged but its
 * status. Used by one thread, which may be interrupted; {@link #finish} and {@link #close} by any.
 */
public final class Collector implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /** For all that is sent at the end: a worker that is being replaced does not wait for a collector. */
    private static final Duration FINISH = Duration.ofSeconds(2);

    private static final int FIRST_FAILURE = 300;

    private final String signal;
    private final Endpoint endpoint;
    private final HttpClient client;
    private boolean failing;
    private volatile @Nullable CompletableFuture<HttpResponse<Void>> underWay;
    private volatile long finishesAtNanos;
    private volatile boolean finishing;

    /**
     * Connects when something is sent.
     *
     * @param signal in the plural, for the log: "Metrics"
     */
    public Collector(String signal, Endpoint endpoint) {
        this.signal = signal;
        this.endpoint = endpoint;
        // Redirects are not followed: the headers are for this host. Collectors need not speak HTTP/2.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(endpoint.timeout())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /**
     * Sends one request; blocks for the endpoint's timeout at most, after {@link #finish} for two seconds in all. Never
     * throws for what it meets.
     *
     * @param protobuf an export request of the signal
     */
    public void send(byte[] protobuf) {
        Optional<String> problem = deliver(protobuf);
        if (problem.isPresent() && !failing) {
            LOG.warn(
                    "{} do not reach the collector at {}: {}. The run continues without them.",
                    signal,
                    endpoint.name(),
                    problem.get());
        } else if (problem.isEmpty() && failing) {
            LOG.info("{} reach the collector at {} again.", signal, endpoint.name());
        }
        failing = problem.isPresent();
    }

    private Optional<String> deliver(byte[] protobuf) {
        long millis = millisLeft();
        if (millis <= 0) {
            return Optional.of("the run ended before it answered");
        }
        CompletableFuture<HttpResponse<Void>> call =
                client.sendAsync(request(protobuf), HttpResponse.BodyHandlers.discarding());
        underWay = call;
        try {
            // The client's own time-out ends with the headers; a body may follow without end.
            int status = call.get(millis, TimeUnit.MILLISECONDS).statusCode();
            return status < FIRST_FAILURE ? Optional.empty() : Optional.of("it answered with HTTP status " + status);
        } catch (TimeoutException slow) {
            call.cancel(true);
            return Optional.of("it did not answer within " + millis + " ms");
        } catch (ExecutionException failure) {
            return Optional.of(
                    failure.getCause() instanceof TimeoutException
                            ? "the run ended before it answered"
                            : "it cannot be reached (" + cause(failure) + ")");
        } catch (InterruptedException ended) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            return Optional.of("the run ended before it answered");
        } finally {
            underWay = null;
        }
    }

    private long millisLeft() {
        long most = endpoint.timeout().toMillis();
        return finishing ? Math.min(most, TimeUnit.NANOSECONDS.toMillis(finishesAtNanos - System.nanoTime())) : most;
    }

    private HttpRequest request(byte[] protobuf) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.url())
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(protobuf));
        endpoint.headers().forEach(request::header);
        return request.build();
    }

    private static String cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof IOException ? cause.getClass().getSimpleName() : "no connection";
    }

    /** From now on, all requests together take two seconds at most, the one under way included. Returns at once. */
    public void finish() {
        finishesAtNanos = System.nanoTime() + FINISH.toNanos();
        finishing = true;
        CompletableFuture<HttpResponse<Void>> call = underWay;
        if (call != null) {
            call.orTimeout(FINISH.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends its connections. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
