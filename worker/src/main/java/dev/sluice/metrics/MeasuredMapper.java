package dev.sluice.metrics;

import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.metrics.Status.Stage;
import java.time.Instant;
import java.util.List;

/** A mapper that measures both halves of its work together, per message. Thread-safe, as the mapper. */
record MeasuredMapper(Mapper mapper, PathMeters meters) implements Mapper {

    @Override
    public Unpacked unpack(String messageId, Instant sentAt, byte[] body, Attributes attributes) {
        long began = System.nanoTime();
        Unpacked unpacked = mapper.unpack(messageId, sentAt, body, attributes);
        long unpacking = System.nanoTime() - began;
        return new Unpacked(unpacked.bytes(), () -> map(unpacked, unpacking));
    }

    private List<Outcome> map(Unpacked unpacked, long unpacking) {
        long began = System.nanoTime();
        List<Outcome> outcomes = unpacked.map();
        meters.timed(Stage.MAP, unpacking + System.nanoTime() - began);
        return outcomes;
    }

    @Override
    public FieldCounts fieldCounts() {
        return mapper.fieldCounts();
    }
}
