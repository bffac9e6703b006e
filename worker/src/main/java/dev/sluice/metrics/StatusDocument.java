package dev.sluice.metrics;

import dev.sluice.metrics.Status.InFlight;
import dev.sluice.metrics.Status.Outcomes;
import dev.sluice.metrics.Status.Pool;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Rates;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.io.StringWriter;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * {@link Status} as JSON: the names of the record's components in snake case, names of enums in lower case, times as ISO
 * 8601 in UTC, durations in seconds. Stateless.
 */
public final class StatusDocument {

    private static final JsonFactory JSON = new JsonFactory();

    private StatusDocument() {}

    /** The document, on one line. */
    public static String write(Status status) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            about(json, status);
            counted(json, status);
            held(json, status);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void about(JsonGenerator json, Status status) {
        json.writeStringProperty("version", status.version());
        json.writeStringProperty("pipeline", status.pipeline());
        json.writeStringProperty("queue", status.queue());
        json.writeStringProperty("table", status.table());
        time(json, "now", status.now());
        time(json, "started_at", status.startedAt());
        json.writeStringProperty("state", label(status.state()));
        time(json, "since", status.since());
        json.writeStringProperty("because", status.because());
        time(json, "next_try_at", status.nextTryAt());
        json.writeNumberProperty("consumers", status.consumers());
    }

    private static void counted(JsonGenerator json, Status status) {
        json.writeObjectPropertyStart("records");
        json.writeNumberProperty("stored", status.records().stored());
        json.writeNumberProperty("duplicate", status.records().duplicate());
        json.writeNumberProperty("quarantined", status.records().quarantined());
        json.writeNumberProperty("released", status.records().released());
        json.writeEndObject();
        rates(json, status.perSecond());
        json.writeObjectPropertyStart("stages");
        status.stages().forEach((stage, quantiles) -> quantiles(json, label(stage), quantiles));
        json.writeEndObject();
        quantiles(json, "event_age", status.eventAge());
    }

    private static void held(JsonGenerator json, Status status) {
        json.writeObjectPropertyStart("in_flight");
        json.writeNumberProperty("records", status.inFlight().records());
        json.writeNumberProperty("bytes", status.inFlight().bytes());
        json.writeEndObject();
        depth(json, status.queueDepth());
        number(json, "dead_letters", status.deadLetters());
        json.writeObjectPropertyStart("quarantined_by_reason");
        status.quarantinedByReason().forEach(json::writeNumberProperty);
        json.writeEndObject();
        time(json, "last_commit_at", status.lastCommitAt());
        json.writeObjectPropertyStart("pool");
        json.writeNumberProperty("active", status.pool().active());
        json.writeNumberProperty("max", status.pool().max());
        json.writeEndObject();
    }

    private static void depth(JsonGenerator json, @Nullable QueueDepth depth) {
        if (depth == null) {
            json.writeNullProperty("queue_depth");
            return;
        }
        json.writeObjectPropertyStart("queue_depth");
        json.writeNumberProperty("visible", depth.visible());
        json.writeNumberProperty("in_flight", depth.inFlight());
        json.writeNumberProperty("delayed", depth.delayed());
        number(json, "oldest_age_seconds", depth.oldestAgeSeconds());
        time(json, "read_at", depth.readAt());
        json.writeEndObject();
    }

    static void rates(JsonGenerator json, Rates rates) {
        json.writeObjectPropertyStart("per_second");
        number(json, "stored", rates.stored());
        number(json, "duplicate", rates.duplicate());
        number(json, "quarantined", rates.quarantined());
        number(json, "released", rates.released());
        json.writeEndObject();
    }

    static void quantiles(JsonGenerator json, String name, Quantiles quantiles) {
        json.writeObjectPropertyStart(name);
        number(json, "p50", quantiles.p50());
        number(json, "p99", quantiles.p99());
        json.writeEndObject();
    }

    static void time(JsonGenerator json, String name, @Nullable Instant time) {
        json.writeStringProperty(name, time == null ? null : time.toString());
    }

    /** Microseconds are enough for what is measured in seconds, and legible. */
    private static void number(JsonGenerator json, String name, @Nullable Number number) {
        switch (number) {
            case null -> json.writeNullProperty(name);
            case Long whole -> json.writeNumberProperty(name, whole);
            default -> json.writeNumberProperty(name, Math.round(number.doubleValue() * 1e6) / 1e6);
        }
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a document back. Members that this version does not know are ignored.
     *
     * @param json may be any text, at most some megabytes
     * @return empty when it is not such a document
     */
    public static Optional<Status> read(String json) {
        try {
            return Optional.of(status(JsonFields.parse(json)));
        } catch (JacksonException | IllegalArgumentException | ArithmeticException notADocument) {
            return Optional.empty();
        }
    }

    private static Status status(JsonFields json) {
        return new Status(
                json.text("version"),
                json.text("pipeline"),
                json.text("queue"),
                json.text("table"),
                json.time("now"),
                json.time("started_at"),
                State.valueOf(json.text("state").toUpperCase(Locale.ROOT)),
                json.time("since"),
                json.textOrNull("because"),
                json.timeOrNull("next_try_at"),
                Math.toIntExact(json.count("consumers")),
                outcomes(json.fields("records")),
                rates(json.fields("per_second")),
                stages(json.fields("stages")),
                quantiles(json.fields("event_age")),
                inFlight(json.fields("in_flight")),
                depth(json.fieldsOrNull("queue_depth")),
                json.countOrNull("dead_letters"),
                counts(json.fields("quarantined_by_reason")),
                json.timeOrNull("last_commit_at"),
                pool(json.fields("pool")));
    }

    private static Outcomes outcomes(JsonFields json) {
        return new Outcomes(
                json.count("stored"), json.count("duplicate"), json.count("quarantined"), json.count("released"));
    }

    static Rates rates(JsonFields json) {
        return new Rates(
                json.number("stored"), json.number("duplicate"), json.number("quarantined"), json.number("released"));
    }

    private static Map<Stage, Quantiles> stages(JsonFields json) {
        Map<Stage, Quantiles> stages = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            stages.put(stage, quantiles(json.fields(label(stage))));
        }
        return stages;
    }

    static Quantiles quantiles(JsonFields json) {
        return new Quantiles(json.numberOrNull("p50"), json.numberOrNull("p99"));
    }

    private static InFlight inFlight(JsonFields json) {
        return new InFlight(json.count("records"), json.count("bytes"));
    }

    private static @Nullable QueueDepth depth(@Nullable JsonFields json) {
        return json == null
                ? null
                : new QueueDepth(
                        json.count("visible"),
                        json.count("in_flight"),
                        json.count("delayed"),
                        json.numberOrNull("oldest_age_seconds"),
                        json.time("read_at"));
    }

    private static Map<String, Long> counts(JsonFields json) {
        Map<String, Long> counts = new LinkedHashMap<>();
        json.members().keySet().forEach(name -> counts.put(name, json.count(name)));
        return counts;
    }

    private static Pool pool(JsonFields json) {
        return new Pool(Math.toIntExact(json.count("active")), Math.toIntExact(json.count("max")));
    }
}
