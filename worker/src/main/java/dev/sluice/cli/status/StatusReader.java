package dev.sluice.cli.status;

import dev.sluice.cli.status.Answer.Answered;
import dev.sluice.cli.status.Answer.Unanswered;
import dev.sluice.metrics.StatusDocument;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Asks workers for their figures. Whoever listens there is not trusted: an answer is bounded in time and size, redirects are
 * not followed, and what is not a worker's document is refused. Thread-safe.
 */
final class StatusReader implements AutoCloseable {

    /** A worker answers from memory, within milliseconds: whoever needs longer is gone, or not one. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int HTTP_OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            // The default asks to change to HTTP/2, which the port does not know.
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    private final Duration patience;

    StatusReader() {
        this(PATIENCE);
    }

    StatusReader(Duration patience) {
        this.patience = patience;
    }

    /** Blocks until the answer is there, for {@link #PATIENCE} at most. An interrupt counts as no answer. */
    Answer read(WorkerAddress worker) {
        HttpRequest request = HttpRequest.newBuilder(worker.page()).build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, LimitedBody::new);
        try {
            // The request's own time-out would end with the headers.
            return answer(response.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException slow) {
            return new Unanswered("no answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException failed) {
            return new Unanswered(reason(Objects.requireNonNullElse(failed.getCause(), failed)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Unanswered("interrupted");
        } finally {
            response.cancel(true);
        }
    }

    /** All at the same time; the answers in the order of the workers. */
    List<Answer> readAll(List<WorkerAddress> workers) {
        List<Future<Answer>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = workers.stream()
                    .map(worker -> threads.submit(() -> read(worker)))
                    .toList();
        }
        return answers.stream().map(Future::resultNow).toList();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        if (response.statusCode() != HTTP_OK) {
            return new Unanswered(
                    "the answer is HTTP status " + response.statusCode() + ": check that this is the health port");
        }
        return StatusDocument.read(new String(response.body(), StandardCharsets.UTF_8))
                .<Answer>map(Answered::new)
                .orElseGet(
                        () -> new Unanswered(
                                "the answer is not the status of a worker of this version: check that this is the health port"));
    }

    private static String reason(Throwable failure) {
        return switch (failure) {
            case ConnectException connect ->
                connect.getCause() instanceof UnresolvedAddressException
                        ? "the host is not known"
                        : "nothing listens there, or the connection is refused";
            case HttpConnectTimeoutException slow ->
                "no connection within " + PATIENCE.toSeconds() + " s: check the address and the network";
            case SSLException tls -> "TLS fails; the certificate must be valid for the host";
            case LimitedBody.TooLong tooLong ->
                "the answer is longer than " + LimitedBody.MAX_BYTES / 1024
                        + " KiB: check that this is the health port";
            default -> "the connection broke, or the answer is not HTTP";
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
