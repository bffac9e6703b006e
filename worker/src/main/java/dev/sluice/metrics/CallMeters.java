package dev.sluice.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Calls of the queue's service and tries of the database, by labels from closed sets. Thread-safe; never blocks. */
final class CallMeters {

    /** Of HTTP, as services and proxies send them; any other becomes "other", so that no server can add labels. */
    private static final Set<Integer> STATUSES = Set.of(200, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504);

    private static final int UNANSWERED = 0;

    private final MeterRegistry registry;
    private final Map<String, Counter> requests = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();

    CallMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param operation one that our code names, such as "sqs:ReceiveMessage" */
    void called(String operation, int status) {
        String name = operation.substring(operation.indexOf(':') + 1);
        String code = code(status);
        requests.computeIfAbsent(name + ' ' + code, key -> Counter.builder("sluice.sqs.requests")
                        .description("Calls of SQS by HTTP status; the SDK's own retry is part of a call")
                        .tag("operation", name)
                        .tag("code", code)
                        .register(registry))
                .increment();
    }

    private static String code(int status) {
        if (status == UNANSWERED) {
            return "none";
        }
        return STATUSES.contains(status) ? Integer.toString(status) : "other";
    }

    /** @param sqlstateClass of PostgreSQL's manual, or "other" or "none" */
    void retried(String sqlstateClass) {
        retries.computeIfAbsent(sqlstateClass, key -> Counter.builder("sluice.database.retries")
                        .description("Transactions that failed and are tried again")
                        .tag("sqlstate_class", key)
                        .register(registry))
                .increment();
    }
}
