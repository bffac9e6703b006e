package dev.sluice.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.http.Limits;
import dev.sluice.http.Port;
import dev.sluice.http.Routes;
import dev.sluice.http.Wire;
import dev.sluice.http.Wire.Reply;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.History;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = START;
    private Optional<Instant> slowestStep = Optional.of(START);
    private State state = State.RUNNING;
    private @Nullable Instant depthReadAt = START;
    private @Nullable InfrastructureException databaseFailure;
    private int asked;

    private final DatabaseCheck database = new DatabaseCheck(this::checkDatabase, () -> now);
    private final Routes routes = new Routes();
    private Port port;

    @BeforeEach
    void open() throws IOException {
        new Health(new Fake(), () -> slowestStep, database, () -> now).addTo(routes);
        port = Port.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), host -> true, routes, Limits.USUAL);
    }

    @AfterEach
    void close() {
        port.close();
    }

    private void checkDatabase() {
        asked++;
        if (databaseFailure != null) {
            throw databaseFailure;
        }
    }

    private Reply get(String path) {
        try {
            return Wire.get(port.number(), path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isLiveWhileEveryConsumerAdvances() {
        assertThat(get("/livez").status()).isEqualTo(200);

        now = START.plus(Health.LONGEST_STEP);
        assertThat(get("/livez").status()).isEqualTo(200);

        now = now.plusSeconds(1);
        assertThat(get("/livez").status()).isEqualTo(503);
        assertThat(get("/livez").body()).isEqualTo("fail poll loop: the slowest consumer began its step 601 s ago\n");

        slowestStep = Optional.of(now);
        assertThat(get("/livez").status()).isEqualTo(200);
    }

    @Test
    void isLiveBetweenTheRunsOfASchedule() {
        slowestStep = Optional.empty();

        assertThat(get("/livez").status()).isEqualTo(200);
    }

    @Test
    void isLiveButNotReadyWithoutTheDatabase() {
        databaseFailure = new InfrastructureException(Kind.TRANSIENT, "The database does not answer.");
        database.look();
        state = State.CIRCUIT_OPEN;

        assertThat(get("/livez").status()).isEqualTo(200);
        Reply ready = get("/readyz");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.body())
                .contains("fail database: The database does not answer. (checked 0 s ago)")
                .contains("fail circuit: open since 2026-03-01T12:00:00Z: the reason")
                .contains("ok   queue");

        databaseFailure = null;
        database.look();
        state = State.RUNNING;
        assertThat(get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void isNotReadyBeforeTheFirstCheck() {
        assertThat(get("/readyz").status()).isEqualTo(503);
        assertThat(get("/readyz").body()).contains("fail database: not checked yet");
    }

    @Test
    void isNotReadyWhenTheCheckHangs() {
        database.look();
        now = now.plus(DatabaseCheck.OLDEST).plusSeconds(1);
        depthReadAt = now;

        assertThat(get("/readyz").body()).contains("fail database: the check hangs (checked 51 s ago)");
    }

    @Test
    void isNotReadyWithoutTheQueue() {
        database.look();
        state = State.QUEUE_UNREACHABLE;
        assertThat(get("/readyz").body()).contains("fail queue: receiving fails since");

        state = State.RUNNING;
        depthReadAt = null;
        assertThat(get("/readyz").status()).isEqualTo(503);

        depthReadAt = now.minus(Health.OLDEST_DEPTH).minusSeconds(1);
        assertThat(get("/readyz").status()).isEqualTo(503);
    }

    @Test
    void isNotReadyWhileItDrains() {
        database.look();
        state = State.DRAINING;

        assertThat(get("/readyz").status()).isEqualTo(503);
        assertThat(get("/livez").status()).isEqualTo(200);
    }

    @Test
    void requestsDoNotReachTheDatabase() {
        database.look();
        for (int i = 0; i < 20; i++) {
            get("/readyz");
        }

        assertThat(asked).isEqualTo(1);
    }

    @Test
    void everyRouteReadsOnly() {
        assertThat(routes.all().keySet())
                .containsExactlyInAnyOrder("/livez", "/readyz", "/startupz", "/metrics", "/status");
        assertThat(routes.all().values()).allMatch(methods -> methods.equals(Set.of("GET")));
        assertThat(routes.all().keySet()).allSatisfy(path -> {
            for (String method : List.of("OPTIONS", "TRACE", "PUT", "DELETE", "POST")) {
                assertThat(Wire.exchange(port.number(), Wire.request(method, path, ""))
                                .status())
                        .as(method + " " + path)
                        .isEqualTo(405);
            }
            assertThat(Wire.exchange(port.number(), Wire.request("HEAD", path, ""))
                            .body())
                    .isEmpty();
        });
        assertThat(get("/metrics").body()).isEqualTo("metrics");
        assertThat(get("/status").body()).startsWith("{\"version\":\"1\"");
    }

    private final class Fake implements Figures {

        @Override
        public Status status() {
            Instant readAt = depthReadAt;
            return new Status(
                    "1",
                    "p",
                    "q",
                    "t",
                    now,
                    START,
                    state,
                    START,
                    "the reason",
                    null,
                    2,
                    new Status.Outcomes(0, 0, 0, 0),
                    new Status.Rates(0, 0, 0, 0),
                    Map.of(),
                    new Status.Quantiles(null, null),
                    new Status.InFlight(0, 0),
                    readAt == null ? null : new Status.QueueDepth(0, 0, 0, null, readAt),
                    null,
                    Map.of(),
                    null,
                    new Status.Pool(0, 3));
        }

        @Override
        public History history(History.Span span) {
            return new History(Duration.ofSeconds(5), List.of());
        }

        @Override
        public Scrape scrape(String accept) {
            return new Scrape("text/plain", "metrics");
        }
    }
}
