package dev.sluice.tracing;

import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.pipeline.Sink;
import java.util.List;

/** A sink whose batches are traced. Thread-safe, as the sink. */
record TracedSink(Sink sink, BatchTracing tracing) implements Sink {

    @Override
    public List<Settlement> store(List<MappedRecord> records) {
        return tracing.step(tracing.storing(records.size()), () -> sink.store(records));
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
