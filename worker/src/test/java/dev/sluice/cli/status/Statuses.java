package dev.sluice.cli.status;

import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What workers may say. */
final class Statuses {

    static final Instant NOW = Instant.parse("2026-03-01T14:03:22.500Z");

    private Statuses() {}

    /** A worker that has run for an hour and stores 412 records per second. */
    static Status running() {
        return status(State.RUNNING, null, null, "login-queue", 412, 0.41, Map.of("missing", 2L, "invalid-ip", 1L));
    }

    static Status in(State state) {
        return status(state, null, null, "login-queue", 0, null, Map.of());
    }

    static Status circuitOpen(String because) {
        return status(State.CIRCUIT_OPEN, because, NOW.plusSeconds(12), "login-queue", 0, null, Map.of());
    }

    static Status ofQueue(String queue, double perSecond, double p99) {
        return status(State.RUNNING, null, null, queue, perSecond, p99, Map.of("missing", 2L));
    }

    private static Status status(
            State state,
            @Nullable String because,
            @Nullable Instant nextTry,
            String queue,
            double perSecond,
            @Nullable Double p99,
            Map<String, Long> reasons) {
        return new Status(
                "0.1.0",
                "user-logins",
                queue,
                "public.user_logins",
                NOW,
                NOW.minusSeconds(3_600),
                state,
                NOW.minusSeconds(3_590),
                because,
                nextTry,
                2,
                new Outcomes(1_234_567, 12, 3, 0),
                new Rates(perSecond, 0, 0.004, 0),
                Map.of(
                        Stage.RECEIVE, new Quantiles(0.012, 0.04),
                        Stage.MAP, new Quantiles(0.000_002, 0.000_009),
                        Stage.STORE, new Quantiles(0.011, 0.09),
                        Stage.SETTLE, new Quantiles(null, null)),
                new Quantiles(p99 == null ? null : Double.valueOf(0.12), p99),
                new InFlight(4_096, 1_258_291),
                new QueueDepth(1_204, 20, 0, 2.1, NOW.minusSeconds(5)),
                0L,
                reasons,
                NOW.minusMillis(400),
                new Pool(2, 3));
    }
}
