package dev.sluice.spark;

import dev.sluice.bulk.UnitLines;
import dev.sluice.bulk.UnitRecords;
import org.apache.hadoop.conf.Configuration;

/** Opens the units of all formats: Parquet by the end of the name, else lines. Stateless. */
final class ArchiveRecords {

    private ArchiveRecords() {}

    static UnitRecords.Source of(Configuration configuration) {
        HadoopFiles files = new HadoopFiles(configuration);
        return unit -> unit.file().path().endsWith(".parquet")
                ? ParquetRecords.open(files, configuration, unit)
                : UnitLines.open(files, unit);
    }
}
