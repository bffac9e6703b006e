package dev.sluice.spark;

import dev.sluice.bulk.Unit;
import dev.sluice.bulk.UnitRecords;
import dev.sluice.bulk.UnreadableFileException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a part of a Parquet file, each as a JSON object: those of the row groups whose middle is in the part, so that
 * parts side by side have each row once. A row's position is its number in the file. Tells a file that is damaged, and stays
 * so, from a store that fails and may work at another try. Used by one thread.
 */
final class ParquetRecords implements UnitRecords {

    private final WatchedFile file;
    private final ParquetReader<Group> reader;
    private long count;

    private ParquetRecords(WatchedFile file, ParquetReader<Group> reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Opens a unit's file.
     *
     * @throws UnreadableFileException when it is missing, may not be read or has changed since it was listed
     * @throws IOException when its store fails
     */
    static UnitRecords open(HadoopFiles files, Configuration configuration, Unit unit)
            throws IOException, UnreadableFileException {
        files.requireUnchanged(unit.file());
        WatchedFile file = WatchedFile.of(new Path(unit.file().path()), configuration);
        return new ParquetRecords(
                file,
                new Groups(file)
                        .withConf(configuration)
                        .withFileRange(unit.start(), unit.end())
                        .usePageChecksumVerification()
                        .build());
    }

    // The library reports damage by many exceptions, IOException among them; their messages may quote values.
    @Override
    public byte @Nullable [] next() throws IOException, UnreadableFileException {
        try {
            Group row = reader.read();
            if (row == null) {
                return null;
            }
            count++;
            return GroupJson.of(row);
        } catch (IOException | RuntimeException e) {
            IOException ofStore = file.failure();
            if (ofStore != null) {
                throw ofStore;
            }
            throw UnreadableFileException.damaged("not Parquet as its name says, or not to its end");
        }
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

    private static final class Groups extends ParquetReader.Builder<Group> {

        Groups(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
