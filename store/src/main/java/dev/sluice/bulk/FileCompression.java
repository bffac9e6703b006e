package dev.sluice.bulk;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** How a file is compressed, by the end of its name. A compressed file cannot be read from the middle. */
enum FileCompression {
    NONE {
        @Override
        InputStream unpack(InputStream packed) {
            return packed;
        }
    },
    GZIP {
        @Override
        InputStream unpack(InputStream packed) throws IOException {
            // The JDK's takes what follows a member for the end of the file when it is damaged, or still on its way.
            return GzipCompressorInputStream.builder()
                    .setInputStream(packed)
                    .setDecompressConcatenated(true)
                    .get();
        }
    },
    ZSTD {
        @Override
        InputStream unpack(InputStream packed) {
            return new ZstdInputStream(packed);
        }
    };

    static FileCompression of(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz") || name.endsWith(".gzip")) {
            return GZIP;
        }
        return name.endsWith(".zst") || name.endsWith(".zstd") ? ZSTD : NONE;
    }

    /** The bytes that were compressed. */
    abstract InputStream unpack(InputStream packed) throws IOException;

    /** How many bytes {@link #seen} needs. */
    static final int LONGEST_MARK = 4;

    /** How a file is compressed, by its first bytes; null when it is not, as far as is known here. */
    static @Nullable String seen(byte[] bytes) {
        if (bytes.length >= 2 && (bytes[0] & 0xFF) == 0x1F && (bytes[1] & 0xFF) == 0x8B) {
            return "gzip (.gz)"; // RFC 1952, section 2.3.1
        }
        if (bytes.length >= LONGEST_MARK && new String(bytes, StandardCharsets.ISO_8859_1).startsWith("PAR1")) {
            return "Parquet, which the Spark application reads";
        }
        boolean isZstd = bytes.length >= LONGEST_MARK
                && (bytes[0] & 0xFF) == 0x28
                && (bytes[1] & 0xFF) == 0xB5
                && bytes[2] == 0x2F
                && (bytes[3] & 0xFF) == 0xFD; // RFC 8878, section 3.1.1
        return isZstd ? "zstd (.zst)" : null;
    }
}
