package dev.sluice.metrics;

import dev.sluice.metrics.History.Point;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@link History} as JSON, in the form of {@link StatusDocument}; a count that was not read is null. Stateless. */
public final class HistoryDocument {

    private static final JsonFactory JSON = new JsonFactory();
    private static final long NOT_READ = -1;

    private HistoryDocument() {}

    /** The document, on one line. */
    public static String write(History history) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("step_seconds", history.step().toSeconds());
            json.writeArrayPropertyStart("points");
            history.points().forEach(point -> write(json, point));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Point point) {
        json.writeStartObject();
        StatusDocument.time(json, "at", point.at());
        StatusDocument.rates(json, point.perSecond());
        StatusDocument.quantiles(json, "event_age", point.eventAge());
        if (point.visible() == NOT_READ) {
            json.writeNullProperty("visible");
        } else {
            json.writeNumberProperty("visible", point.visible());
        }
        json.writeEndObject();
    }

    /**
     * Reads a document back, as {@link StatusDocument#read}.
     *
     * @return empty when it is not such a document
     */
    public static Optional<History> read(String json) {
        try {
            JsonFields fields = JsonFields.parse(json);
            return Optional.of(new History(
                    Duration.ofSeconds(fields.count("step_seconds")),
                    fields.list("points").stream().map(HistoryDocument::point).toList()));
        } catch (JacksonException | IllegalArgumentException | ArithmeticException notADocument) {
            return Optional.empty();
        }
    }

    private static Point point(JsonFields json) {
        return new Point(
                json.time("at"),
                StatusDocument.rates(json.fields("per_second")),
                StatusDocument.quantiles(json.fields("event_age")),
                Objects.requireNonNullElse(json.countOrNull("visible"), NOT_READ));
    }
}
