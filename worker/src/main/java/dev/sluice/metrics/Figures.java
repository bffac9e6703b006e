package dev.sluice.metrics;

/**
 * The figures of a running worker, for its ports. Thread-safe. Never blocks and never throws: what the queue and the
 * database reported last is remembered, with the time.
 */
public interface Figures {

    /** What it does now. */
    Status status();

    /** What it did, over a span that ends now. */
    History history(History.Span span);

    /**
     * All metrics in the Prometheus text format.
     *
     * @param accept the request's Accept header, empty for none: OpenMetrics where it asks for that
     */
    Scrape scrape(String accept);

    /**
     * An answer to a scrape.
     *
     * @param contentType with the version of the format
     */
    record Scrape(String contentType, String text) {}
}
