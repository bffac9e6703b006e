package dev.sluice.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file that remembers whether its store failed: what else fails in reading it is its content. Reads past the end are
 * content too. Used by one thread.
 */
final class WatchedFile implements InputFile {

    private final InputFile file;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private WatchedFile(InputFile file) {
        this.file = file;
    }

    static WatchedFile of(Path path, Configuration configuration) throws IOException {
        return new WatchedFile(HadoopInputFile.fromPath(path, configuration));
    }

    /** The store's failure; null if it did not fail. */
    @Nullable
    IOException failure() {
        return failure.get();
    }

    @Override
    public long getLength() throws IOException {
        return watched(file::getLength);
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
        SeekableInputStream in = watched(file::newStream);
        return new DelegatingSeekableInputStream(new WatchedBytes(in)) {
            @Override
            public long getPos() throws IOException {
                return watched(in::getPos);
            }

            @Override
            public void seek(long position) throws IOException {
                if (position < 0 || position > getLength()) {
                    throw new IOException("the file refers to a place outside of it");
                }
                watched(() -> {
                    in.seek(position);
                    return position;
                });
            }
        };
    }

    private <T> T watched(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (IOException e) {
            failure.set(e);
            throw e;
        }
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private final class WatchedBytes extends InputStream {

        private final InputStream in;

        WatchedBytes(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return watched(in::read);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return watched(() -> in.read(target, offset, length));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
