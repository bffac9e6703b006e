package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.http.Request;
import dev.sluice.http.Response;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.History.Span;
import dev.sluice.metrics.HistoryDocument;
import dev.sluice.metrics.StatusDocument;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/** What the worker does, from its own figures: asks neither queue nor database. */
final class StatusView {

    private final Figures figures;

    StatusView(Figures figures) {
        this.figures = figures;
    }

    Response status(Request request, Caller caller) {
        return Response.json(200, StatusDocument.write(figures.status()));
    }

    Response history(Request request, Caller caller) {
        try {
            return Response.json(200, HistoryDocument.write(figures.history(span(request))));
        } catch (RefusedException refused) {
            return refused.response();
        }
    }

    private static Span span(Request request) {
        String wanted =
                Objects.requireNonNullElse(Parameters.ofQuery(request, "span").text("span"), label(Span.QUARTER_HOUR));
        return Arrays.stream(Span.values())
                .filter(span -> label(span).equals(wanted))
                .findFirst()
                .orElseThrow(() -> RefusedException.malformed(
                        "span",
                        "span must be one of "
                                + Arrays.stream(Span.values())
                                        .map(StatusView::label)
                                        .toList() + "."));
    }

    private static String label(Span span) {
        return span.name().toLowerCase(Locale.ROOT);
    }
}
