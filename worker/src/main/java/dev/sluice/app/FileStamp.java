package dev.sluice.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a state of a file. Links are followed: orchestrators swap them.
 *
 * @param inode the file system's identifier; null where it has none
 */
record FileStamp(FileTime modified, long bytes, @Nullable Object inode) {

    /** Empty if the file cannot be read. */
    static Optional<FileStamp> of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
