package dev.sluice.spark;

import dev.sluice.bulk.BulkDataset;
import dev.sluice.bulk.Unit;
import dev.sluice.bulk.UnreadableFileException;
import org.apache.spark.api.java.function.Function;

/**
 * A task of Spark: loads one unit on an executor. Tried again, or run twice at once by speculation, it is committed once.
 * Returns why the unit cannot be loaded, or an empty text.
 */
final class LoadUnit implements Function<Unit, String> {

    private static final long serialVersionUID = 1L;

    private final Job job;
    private final BulkDataset dataset;
    private final long datasetId;

    LoadUnit(Job job, BulkDataset dataset, long datasetId) {
        this.job = job;
        this.dataset = dataset;
        this.datasetId = datasetId;
    }

    @Override
    public String call(Unit unit) {
        try {
            HostParts.ofExecutor(job).loader(dataset, datasetId).load(unit, false);
            return "";
        } catch (UnreadableFileException e) {
            return unit.file().path() + " from byte " + unit.start() + " was not loaded: " + e.why();
        }
    }
}
