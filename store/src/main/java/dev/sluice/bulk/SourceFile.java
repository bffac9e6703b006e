package dev.sluice.bulk;

import java.io.Serializable;
import java.time.Instant;

/**
 * A file of an archive, as it was when it was listed.
 *
 * @param path absolute; how its {@link FileStore} finds it again, from any host
 * @param bytes its size, compressed if it is
 * @param version changes with the content: a time of modification, or an entity tag
 * @param modified to the millisecond
 */
public record SourceFile(String path, long bytes, String version, Instant modified) implements Serializable {

    /** How it is compressed, by the end of its name. */
    FileCompression compression() {
        return FileCompression.of(path);
    }
}
