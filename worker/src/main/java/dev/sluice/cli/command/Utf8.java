package dev.sluice.cli.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads text that must be UTF-8: a replacement character would change a message, a token or a value. */
public final class Utf8 {

    private Utf8() {}

    /** A reader that fails with an {@code IOException} at the first byte that is not UTF-8. */
    public static Reader reader(InputStream bytes) {
        return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
    }

    /**
     * Up to {@code limit} lines, without their ends. Closes the stream.
     *
     * @throws IOException also if a byte is not UTF-8
     */
    public static List<String> lines(InputStream bytes, int limit) throws IOException {
        try (BufferedReader lines = new BufferedReader(reader(bytes))) {
            return lines.lines().limit(limit).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
