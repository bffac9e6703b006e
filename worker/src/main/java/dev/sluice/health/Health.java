package dev.sluice.health;

import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.http.Routes;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.StatusDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The routes of the health port. Kubernetes restarts a worker that is not live, which mends a worker that hangs, and
 * nothing else: so the database and the queue count for readiness only. Thread-safe.
 */
public final class Health implements AutoCloseable {

    /**
     * How long a step of a consumer may take: a long poll (20 s), a batch whose storing ends at the statement timeout
     * (30 s) and is stored again in two parts, the wait for a connection and the deletes. Tries during an outage, at most
     * 30 s apart, count as steps.
     */
    static final Duration LONGEST_STEP = Duration.ofMinutes(3);

    /** The queue's depth is read every 10 s. */
    static final Duration OLDEST_DEPTH = Duration.ofMinutes(1);

    private final Figures figures;
    private final Supplier<Optional<Instant>> slowestStep;
    private final DatabaseCheck database;
    private final InstantSource clock;

    /**
     * Begins to check the database.
     *
     * @param slowestStep when the consumer that is furthest behind began its present step; empty when none runs
     * @param databaseCheck throws {@link dev.sluice.failure.InfrastructureException} if the database cannot be used; may
     *     block
     */
    public Health(Figures figures, Supplier<Optional<Instant>> slowestStep, Runnable databaseCheck) {
        this(figures, slowestStep, new DatabaseCheck(databaseCheck, InstantSource.system()), InstantSource.system());
        database.begin();
    }

    Health(Figures figures, Supplier<Optional<Instant>> slowestStep, DatabaseCheck database, InstantSource clock) {
        this.figures = figures;
        this.slowestStep = slowestStep;
        this.database = database;
        this.clock = clock;
    }

    /** Adds the routes to those of a port. */
    public void addTo(Routes port) {
        port.get("/livez", request -> Check.answer(List.of(polling())))
                .get("/readyz", request -> Check.answer(readiness()))
                .get("/startupz", request -> Check.answer(List.of(started())))
                .get("/metrics", this::metrics)
                .get("/status", request -> Response.json(200, StatusDocument.write(figures.status())));
    }

    private Check polling() {
        Optional<Duration> age = slowestStep.get().map(step -> Duration.between(step, clock.instant()));
        String text = age.map(taken -> "the slowest consumer began its step " + taken.toSeconds() + " s ago")
                .orElse("no consumer runs at present");
        return new Check(
                "poll loop",
                age.map(taken -> taken.compareTo(LONGEST_STEP) <= 0).orElse(true),
                text);
    }

    private Check started() {
        Instant at = figures.status().startedAt();
        return new Check("start", true, "keys, queue, schema and table were found at " + at);
    }

    private List<Check> readiness() {
        Status status = figures.status();
        return List.of(queue(status), database.result(), circuit(status), draining(status));
    }

    private Check queue(Status status) {
        if (status.state() == Status.State.QUEUE_UNREACHABLE) {
            return new Check("queue", false, "receiving fails since " + status.since() + ": " + status.because());
        }
        Status.QueueDepth depth = status.queueDepth();
        if (depth == null) {
            return new Check("queue", false, "its depth was not read yet, or cannot be read");
        }
        Duration age = Duration.between(depth.readAt(), clock.instant());
        return new Check("queue", age.compareTo(OLDEST_DEPTH) <= 0, "its depth was read " + age.toSeconds() + " s ago");
    }

    private static Check circuit(Status status) {
        return status.state() == Status.State.CIRCUIT_OPEN
                ? new Check("circuit", false, "open since " + status.since() + ": " + status.because())
                : new Check("circuit", true, "closed");
    }

    private static Check draining(Status status) {
        return status.state() == Status.State.DRAINING
                ? new Check("shutdown", false, "requested; what is in flight is finished")
                : new Check("shutdown", true, "not requested");
    }

    private Response metrics(Request request) {
        Figures.Scrape scrape = figures.scrape(request.header("accept"));
        return new Response(200, scrape.contentType(), scrape.text().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Ends the check of the database; the caller closes the port first. */
    @Override
    public void close() {
        database.close();
    }
}
