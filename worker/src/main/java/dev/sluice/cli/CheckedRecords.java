package dev.sluice.cli;

import dev.sluice.mapping.Reason;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a dry run has counted. Used by one thread. */
final class CheckedRecords {

    private final Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    private long messages;
    private long stored;

    void message() {
        messages++;
    }

    void stored() {
        stored++;
    }

    void rejected(Reason reason) {
        reasons.merge(reason, 1L, Long::sum);
    }

    /** How many messages were begun. */
    long messages() {
        return messages;
    }

    boolean anyRejected() {
        return !reasons.isEmpty();
    }

    private long sum() {
        return reasons.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code {"messages":3,"records":4,"stored":2,"rejected":2,"reasons":{"missing":2}}}. */
    JsonLine json() {
        Map<String, Long> counts = new LinkedHashMap<>();
        reasons.forEach((reason, count) -> counts.put(reason.label(), count));
        return new JsonLine()
                .put("messages", messages)
                .put("records", stored + sum())
                .put("stored", stored)
                .put("rejected", sum())
                .put("reasons", counts);
    }

    /** The same for people: the balance, then a line for each reason. */
    String text() {
        StringBuilder text = new StringBuilder("checked " + messages + " messages, " + (stored + sum())
                + " records = stored " + stored + " + rejected " + sum());
        reasons.forEach((reason, count) ->
                text.append("\n  ").append(reason.label()).append(' ').append(count));
        return text.toString();
    }
}
