package dev.sluice.pipeline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The calls of all fakes, in order. Thread-safe. */
final class Events {

    private final List<String> seen = new CopyOnWriteArrayList<>();

    void add(String event) {
        seen.add(event);
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    long count(String event) {
        return seen.stream().filter(event::equals).count();
    }
}
