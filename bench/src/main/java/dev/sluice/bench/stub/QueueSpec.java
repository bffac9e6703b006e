package dev.sluice.bench.stub;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a queue holds and how it behaves.
 *
 * @param messages how many are sent, 0 or more
 * @param bodyBytes least size of a body; login events take about 160 bytes
 * @param latencyMillis what every call takes besides its work
 * @param jitterMillis random addition to that, 0 to this
 * @param shortAnswers 1: a receive returns 1 to 9 of 10 messages although more are visible, as AWS does; 0: as many as asked for
 * @param duplicatePercent share of the messages that are delivered twice, even if they were deleted in between
 * @param perSecond messages that become visible per second; 0 for all at once
 * @param visibilitySeconds visibility timeout, 1 or more
 * @param backlogHours the messages of a full queue were sent evenly over that time, 1 or more
 * @param seed of bodies, answer sizes, jitter and duplicates
 */
public record QueueSpec(
        int messages,
        int bodyBytes,
        int latencyMillis,
        int jitterMillis,
        int shortAnswers,
        int duplicatePercent,
        int perSecond,
        int visibilitySeconds,
        int backlogHours,
        int seed) {

    private static final int MAX_MESSAGES = 20_000_000;

    /** The largest message of SQS: 1 MiB. */
    private static final int MAX_BODY_BYTES = 1 << 20;

    /** The largest visibility timeout of SQS: 12 hours. */
    private static final int MAX_VISIBILITY_SECONDS = 43_200;

    /** The longest retention of SQS: 14 days. */
    private static final int MAX_BACKLOG_HOURS = 14 * 24;

    private static final int MAX_MILLIS = 60_000;

    private static final List<String> NAMES = Arrays.stream(QueueSpec.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();

    /** @throws IllegalArgumentException if a field is out of range; the message names it */
    public QueueSpec {
        require("messages", messages, 0, MAX_MESSAGES);
        require("bodyBytes", bodyBytes, 0, MAX_BODY_BYTES);
        require("latencyMillis", latencyMillis, 0, MAX_MILLIS);
        require("jitterMillis", jitterMillis, 0, MAX_MILLIS);
        require("shortAnswers", shortAnswers, 0, 1);
        require("duplicatePercent", duplicatePercent, 0, 100);
        require("perSecond", perSecond, 0, MAX_MESSAGES);
        require("visibilitySeconds", visibilitySeconds, 1, MAX_VISIBILITY_SECONDS);
        require("backlogHours", backlogHours, 1, MAX_BACKLOG_HOURS);
    }

    /**
     * Reads {@code name=number} pairs separated by blanks, such as {@code messages=1000 latencyMillis=20}. What is absent is
     * 0, except for a visibility timeout of 60 seconds, a backlog of an hour and a seed of 1.
     *
     * @throws IllegalArgumentException if a field is unknown, not a number or out of range; the message names it
     */
    public static QueueSpec parse(String text) {
        Map<String, Integer> fields = new HashMap<>(Map.of("visibilitySeconds", 60, "backlogHours", 1, "seed", 1));
        for (String field : text.strip().split("\\s+", -1)) {
            String[] pair = field.split("=", 2);
            if (pair.length != 2 || !NAMES.contains(pair[0])) {
                throw new IllegalArgumentException("expected NAME=NUMBER with one of " + NAMES);
            }
            fields.put(pair[0], number(pair[0], pair[1]));
        }
        return new QueueSpec(
                fields.getOrDefault("messages", 0),
                fields.getOrDefault("bodyBytes", 0),
                fields.getOrDefault("latencyMillis", 0),
                fields.getOrDefault("jitterMillis", 0),
                fields.getOrDefault("shortAnswers", 0),
                fields.getOrDefault("duplicatePercent", 0),
                fields.getOrDefault("perSecond", 0),
                fields.getOrDefault("visibilitySeconds", 0),
                fields.getOrDefault("backlogHours", 0),
                fields.getOrDefault("seed", 0));
    }

    private static int number(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(name + ": expected a whole number");
        }
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": expected " + least + " to " + most);
        }
    }
}
