package dev.sluice.tracing;

import dev.sluice.config.TelemetrySettings;
import dev.sluice.pipeline.BatchObserver;
import dev.sluice.pipeline.Sink;
import dev.sluice.pipeline.Source;

/**
 * Traces a worker: wraps the ends of its path and each batch. Where nothing is traced, the path is exactly as without it.
 * Thread-safe.
 */
public interface Tracing extends AutoCloseable {

    /** Traces nothing. */
    Tracing OFF = new Tracing() {

        @Override
        public Source traced(Source source) {
            return source;
        }

        @Override
        public Sink traced(Sink sink) {
            return sink;
        }

        @Override
        public BatchObserver batches() {
            return BatchObserver.NONE;
        }

        @Override
        public void close() {}
    };

    /**
     * Begins to trace, if the settings say so.
     *
     * @param places names of what is read and written
     */
    static Tracing open(TelemetrySettings settings, Places places) {
        TelemetrySettings.Traces traces = settings.traces();
        return traces == null ? OFF : new BatchTracing(traces, settings.resource(), places);
    }

    /** The source, traced. */
    Source traced(Source source);

    /** The sink, traced. */
    Sink traced(Sink sink);

    /** Traces each batch of a pipeline whose ends are traced. */
    BatchObserver batches();

    /** Sends what is left, for some seconds at most. */
    @Override
    void close();
}
