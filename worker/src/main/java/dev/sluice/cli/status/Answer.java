package dev.sluice.cli.status;

import dev.sluice.metrics.Status;

/** What came of asking a worker for its figures. */
sealed interface Answer {

    /** The worker answered. */
    record Answered(Status status) implements Answer {}

    /** @param reason part of a sentence, our own words: nothing of what the other side sent */
    record Unanswered(String reason) implements Answer {}
}
