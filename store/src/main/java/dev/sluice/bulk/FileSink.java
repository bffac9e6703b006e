package dev.sluice.bulk;

import java.io.IOException;

/** Where files can be made: a file system, or an object store. Thread-safe. */
public interface FileSink {

    /**
     * Makes a file: all of it and durable, or none. Blocks until it is. On a file system it is readable by its owner only, and
     * so are the folders that are made for it.
     *
     * @param path as a {@link FileStore} lists it, or relative to the working folder
     * @throws java.nio.file.FileAlreadyExistsException when there is one, which is not changed
     * @throws IOException when it cannot be written
     * @throws dev.sluice.failure.InfrastructureException when an object store refuses it or is unavailable
     */
    void create(String path, byte[] content) throws IOException;
}
