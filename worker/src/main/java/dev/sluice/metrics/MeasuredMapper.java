package dev.sluice.metrics;

import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.Mapper;
import dev.sluice.metrics.Status.Stage;
import java.time.Instant;
import java.util.function.Supplier;

/** A mapper that measures its work on a batch, without waits between messages. Thread-safe, as the mapper. */
record MeasuredMapper(Mapper mapper, PathMeters meters) implements Mapper {

    @Override
    public Batch begin() {
        return new MeasuredBatch(mapper.begin(), meters);
    }

    private static final class MeasuredBatch implements Batch {

        private final Batch batch;
        private final PathMeters meters;
        private long nanos;

        MeasuredBatch(Batch batch, PathMeters meters) {
            this.batch = batch;
            this.meters = meters;
        }

        @Override
        public Unpacked unpack(String messageId, Instant sentAt, byte[] body, Attributes attributes) {
            Unpacked unpacked = timed(() -> batch.unpack(messageId, sentAt, body, attributes));
            return new Unpacked(unpacked.bytes(), () -> timed(unpacked::map));
        }

        @Override
        public void mask() {
            long began = System.nanoTime();
            batch.mask();
            meters.timed(Stage.MAP, nanos + System.nanoTime() - began);
        }

        private <T> T timed(Supplier<T> step) {
            long began = System.nanoTime();
            try {
                return step.get();
            } finally {
                nanos += System.nanoTime() - began;
            }
        }
    }

    @Override
    public FieldCounts fieldCounts() {
        return mapper.fieldCounts();
    }
}
