package dev.sluice.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers in memory. Records its calls in {@link Events}. Thread-safe. */
final class FakeAttempts implements Attempts {

    /** By message id. */
    final Map<String, Unfinished> noted = new ConcurrentHashMap<>();

    private final Events events;

    FakeAttempts(Events events) {
        this.events = events;
    }

    @Override
    public Map<String, Unfinished> begin(List<Message> messages) {
        events.add("begin attempt");
        Map<String, Unfinished> known = new HashMap<>();
        for (Message message : messages) {
            Unfinished earlier = noted.putIfAbsent(message.id(), Unfinished.TOGETHER);
            if (earlier != null) {
                known.put(message.id(), earlier);
            }
        }
        return known;
    }

    @Override
    public void beginAlone(Message message) {
        events.add("begin alone");
        noted.put(message.id(), Unfinished.ALONE);
    }

    @Override
    public void end(List<Message> messages) {
        events.add("end attempt");
        messages.forEach(message -> noted.remove(message.id()));
    }
}
