package dev.sluice.http;

/** Answers requests. Thread-safe: each runs on a virtual thread of its own, and is given up after the port's time-out. */
@FunctionalInterface
public interface Route {

    /** @return the answer; what it throws becomes 500, without its message */
    Response answer(Request request);
}
