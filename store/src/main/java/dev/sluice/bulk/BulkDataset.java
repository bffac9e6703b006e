package dev.sluice.bulk;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is loaded once: the files of an archive, cut in a way that must not change.
 *
 * @param pipeline that maps it
 * @param name of the operator's choice
 * @param splitBytes how large a unit is, about
 * @param sentAt stands for the time at which each message was sent; null for the time at which its file was modified
 */
public record BulkDataset(String pipeline, String name, long splitBytes, @Nullable Instant sentAt)
        implements Serializable {

    /** The time of the messages of a file. */
    Instant sentAt(SourceFile file) {
        return sentAt == null ? file.modified() : sentAt;
    }
}
