package dev.sluice.bulk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a unit, one after the other. Used by one thread. */
public interface UnitRecords extends AutoCloseable {

    /**
     * The next record, JSON in UTF-8, or blank; null when there is none.
     *
     * @throws UnreadableFileException when the file cannot be loaded, at another try neither
     * @throws IOException when its store fails, which may end
     */
    byte @Nullable [] next() throws IOException, UnreadableFileException;

    /** Where in the file the record is that {@link #next} returned last; no other record of the file is there. */
    long position();

    /** How many records were returned. */
    long count();

    @Override
    void close() throws IOException;

    /** Opens units. Thread-safe. */
    interface Source {

        /**
         * Opens a unit's file.
         *
         * @throws UnreadableFileException when it is missing, has changed since it was listed, or is damaged
         * @throws IOException when its store fails
         */
        UnitRecords open(Unit unit) throws IOException, UnreadableFileException;
    }
}
