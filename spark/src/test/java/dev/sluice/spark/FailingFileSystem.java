package dev.sluice.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files under scheme {@code failing}, whose store fails while they are read. */
public final class FailingFileSystem extends RawLocalFileSystem {

    @Override
    public URI getUri() {
        return URI.create("failing:///");
    }

    @Override
    public String getScheme() {
        return "failing";
    }

    @Override
    public FSDataInputStream open(Path file, int bufferSize) {
        return new FSDataInputStream(new FSInputStream() {

            @Override
            public void seek(long position) {}

            @Override
            public long getPos() {
                return 0;
            }

            @Override
            public boolean seekToNewSource(long position) {
                return false;
            }

            @Override
            public int read() throws IOException {
                throw new IOException("the store is away");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });
    }
}
