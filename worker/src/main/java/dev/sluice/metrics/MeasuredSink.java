package dev.sluice.metrics;

import dev.sluice.metrics.Status.Stage;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import java.util.List;

/** A sink whose batches are measured; one that fails is not, since what it took says nothing. Thread-safe, as the sink. */
record MeasuredSink(Sink sink, PathMeters meters) implements Sink {

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        long began = System.nanoTime();
        List<Settlement> settlements = sink.store(records);
        meters.timed(Stage.STORE, System.nanoTime() - began);
        meters.settled(records, settlements);
        return settlements;
    }

    @Override
    public void probe() {
        sink.probe();
    }

    @Override
    public void close() {
        sink.close();
    }
}
