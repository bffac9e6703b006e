package dev.sluice.spark;

import dev.sluice.bulk.Unit;
import dev.sluice.bulk.UnitRecords;
import dev.sluice.bulk.UnreadableFileException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a part of a Parquet file, each as a JSON object: those of the row groups whose middle is in the part, so that
 * parts side by side have each row once. A row's position is its number in the file. Used by one thread.
 */
final class ParquetRecords implements UnitRecords {

    private final ParquetReader<Group> reader;
    private long count;

    private ParquetRecords(ParquetReader<Group> reader) {
        this.reader = reader;
    }

    static UnitRecords open(HadoopFiles files, Configuration configuration, Unit unit)
            throws IOException, UnreadableFileException {
        files.requireUnchanged(unit.file());
        return new ParquetRecords(ParquetReader.builder(
                        new GroupReadSupport(), new Path(unit.file().path()))
                .withConf(configuration)
                .withFileRange(unit.start(), unit.end())
                .build());
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        Group row = reader.read();
        if (row == null) {
            return null;
        }
        count++;
        return GroupJson.of(row);
    }

    @Override
    public long position() {
        return reader.getCurrentRowIndex();
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
