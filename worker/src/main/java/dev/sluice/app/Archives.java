package dev.sluice.app;

import dev.sluice.bulk.FileSink;
import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.LocalFiles;
import dev.sluice.bulk.SourceFile;
import dev.sluice.s3.S3Files;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All file systems as one, told apart by how a path begins. Thread-safe. */
public final class Archives implements FileStore, FileSink, AutoCloseable {

    private final LocalFiles local = new LocalFiles();
    private final Supplier<S3Files> opener;
    private @Nullable S3Files s3;

    Archives(Supplier<S3Files> opener) {
        this.opener = opener;
    }

    @Override
    public List<SourceFile> list(String path) {
        return of(path).list(path);
    }

    @Override
    public InputStream open(SourceFile file, long start, long likelyEnd) throws IOException {
        return of(file.path()).open(file, start, likelyEnd);
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        (isInS3(path) ? s3() : local).create(path, content);
    }

    private FileStore of(String path) {
        return isInS3(path) ? s3() : local;
    }

    private static boolean isInS3(String path) {
        return path.startsWith(S3Files.SCHEME);
    }

    private synchronized S3Files s3() {
        if (s3 == null) {
            s3 = opener.get();
        }
        return s3;
    }

    @Override
    public synchronized void close() {
        if (s3 != null) {
            s3.close();
        }
    }
}
