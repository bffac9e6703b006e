package dev.sluice.console;

import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.QueueDepth;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page, with the figures of this moment as a plain table for browsers without JavaScript. */
final class PageView {

    private static final String MARKER = "<!-- figures -->";
    private static final String HTML = "text/html; charset=utf-8";

    private final Figures figures;
    private final String page = new String(
            Objects.requireNonNull(Assets.read("/dev/sluice/console/index.html"), "the jar lacks the console's page"),
            StandardCharsets.UTF_8);

    PageView(Figures figures) {
        this.figures = figures;
    }

    /** @param mayRead whether the caller may see figures; the page itself is no secret */
    Response answer(Request request, boolean mayRead) {
        String figuresShown = mayRead ? table(figures.status()) : "<p>These figures need a token.</p>";
        return new Response(200, HTML, page.replace(MARKER, figuresShown).getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static String table(Status status) {
        StringBuilder table = new StringBuilder("<table>\n<caption>Figures of this worker</caption>\n<tbody>\n");
        rows(status).forEach((name, value) -> table.append("<tr><th scope=\"row\">")
                .append(escape(name))
                .append("</th><td>")
                .append(escape(value))
                .append("</td></tr>\n"));
        return table.append("</tbody>\n</table>").toString();
    }

    private static Map<String, String> rows(Status status) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("Pipeline", status.pipeline());
        rows.put("Queue", status.queue());
        rows.put("Table", status.table());
        rows.put("State", words(status.state()) + " since " + status.since() + because(status.because()));
        rows.put("Stored", count(status.records().stored()));
        rows.put("Duplicates", count(status.records().duplicate()));
        rows.put("Quarantined", count(status.records().quarantined()));
        rows.put("Released", count(status.records().released()));
        rows.put("Stored per second", number(status.perSecond().stored()));
        rows.put(
                "Age of an event when stored, median", seconds(status.eventAge().p50()));
        rows.put("In flight", count(status.inFlight().records()));
        rows.put("Waiting in the queue", waiting(status.queueDepth()));
        status.stages()
                .forEach((stage, latency) ->
                        rows.put("Latency of " + words(stage) + ", median", seconds(latency.p50())));
        rows.put("Version", status.version());
        rows.put("At", status.now().toString());
        return rows;
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }

    private static String waiting(@Nullable QueueDepth depth) {
        return depth == null ? "not read yet" : count(depth.visible());
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "-" : String.format(Locale.ROOT, "%.3g s", seconds);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
