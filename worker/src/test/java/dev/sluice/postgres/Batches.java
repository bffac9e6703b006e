package dev.sluice.postgres;

import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Batches of messages sent now, each with an id of its place and one record. */
final class Batches {

    @SuppressWarnings("TimeInStaticInitializer") // the same for a batch and its redelivery
    private static final Instant SENT_AT = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private Batches() {}

    static MappedRecord record(String id, int receiveCount, Outcome outcome) {
        return new MappedRecord(message(id, receiveCount), 0, TestOutcomes.in(id, outcome));
    }

    static Message message(String id, int receiveCount) {
        return new Message(id, "r", SENT_AT, receiveCount, new byte[0]);
    }

    /** Rows {@code (row, number)} with the message ids {@code m0}, {@code m1} and so on. */
    static List<MappedRecord> rows(int... numbers) {
        return IntStream.range(0, numbers.length)
                .mapToObj(place -> record("m" + place, 1, TestOutcomes.row("row", numbers[place])))
                .toList();
    }

    /** The numbers from 100 on, with others at some places. */
    static int[] numbers(int count, int other, int... places) {
        int[] numbers = IntStream.range(100, 100 + count).toArray();
        Arrays.stream(places).forEach(place -> numbers[place] = other);
        return numbers;
    }

    static List<Integer> places(List<Settlement> settlements, Settlement settlement) {
        return IntStream.range(0, settlements.size())
                .filter(place -> settlements.get(place).equals(settlement))
                .boxed()
                .toList();
    }
}
