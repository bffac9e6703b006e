package dev.sluice.lineage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** POSTs each event to an OpenLineage service, as OpenLineage's own clients do: to {@value #PATH} below its URL. */
final class HttpDestination implements Destination {

    private static final String PATH = "/api/v1/lineage";

    /** OpenLineage's clients wait as long (client/java, timeoutInMillis). */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int FIRST_FAILURE = 300;

    private final URI endpoint;
    private final @Nullable String apiKey;

    /**
     * @param url of the service, with or without the path
     * @param apiKey sent as a bearer token; null for none
     */
    HttpDestination(URI url, @Nullable String apiKey) {
        String base = url.toString().replaceFirst("/+\\z", "");
        this.endpoint = URI.create(base.endsWith(PATH) ? base : base + PATH);
        this.apiKey = apiKey;
    }

    @Override
    public Optional<String> deliver(String event) {
        // Redirects are not followed: the key is for this host.
        HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        try {
            // The client's own time-out ends with the headers; a body may follow without end.
            HttpResponse<Void> response = client.sendAsync(request(event), HttpResponse.BodyHandlers.discarding())
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            int status = response.statusCode();
            return status < FIRST_FAILURE ? Optional.empty() : Optional.of("it answered with HTTP status " + status);
        } catch (TimeoutException slow) {
            return Optional.of("it did not answer within " + TIMEOUT.toSeconds() + " s");
        } catch (ExecutionException failure) {
            return Optional.of("it cannot be reached (" + cause(failure) + ")");
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Optional.of("the run ended before it answered");
        } finally {
            client.shutdownNow();
        }
    }

    private HttpRequest request(String event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(event));
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        return request.build();
    }

    private static String cause(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof IOException ? cause.getClass().getSimpleName() : "no connection";
    }

    @Override
    public String name() {
        return endpoint.getHost() + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    }
}
