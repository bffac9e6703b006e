package dev.sluice.pipeline;

import java.util.List;

/** Stands around the processing of each batch, from its receipt to its last settlement. Thread-safe. */
@FunctionalInterface
public interface BatchObserver {

    /** Observes nothing. */
    BatchObserver NONE = (received, processing) -> processing.run();

    /**
     * Called by a consumer after a receive, on its thread.
     *
     * @param received may be empty
     * @param processing maps, stores and settles them; to be run once, on this thread, and what it throws to be thrown on
     */
    void process(List<Message> received, Runnable processing);
}
