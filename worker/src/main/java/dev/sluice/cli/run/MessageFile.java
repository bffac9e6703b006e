package dev.sluice.cli.run;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.io.LineNumberReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;

/**
 * Reads message bodies from a file: the lines of NDJSON as they are, JSON or not, without blank ones; or the elements of
 * one JSON array. A file is an array if its first character is {@code [}, unless its first line is a whole array and more
 * lines follow. A byte order mark is skipped. Streams, so a file of lines may have any size.
 */
public final class MessageFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private MessageFile() {}

    /**
     * Opens a file and passes its messages on.
     *
     * @param file a path, or {@code -} for standard input
     * @param error makes the usage error that is thrown if the file cannot be read, from a sentence
     */
    public static <T> T read(
            Console console,
            String file,
            Function<? super Stream<MessageBody>, T> use,
            Function<? super String, ParameterException> error) {
        try (InputStream bytes = file.equals("-") ? console.in() : Files.newInputStream(Path.of(file));
                Reader text = Utf8.reader(bytes)) {
            return use.apply(of(text));
        } catch (IOException | UncheckedIOException e) {
            throw error.apply(file + " cannot be read as UTF-8 text");
        } catch (JacksonException e) {
            throw error.apply(file
                    + " begins as a JSON array, but breaks off or is not JSON; all elements before that were read");
        }
    }

    /**
     * The messages of a text, read as the stream advances.
     *
     * @throws UncheckedIOException also from the stream, if the text cannot be read
     * @throws JacksonException also from the stream, if an array breaks off, or something follows it
     */
    public static Stream<MessageBody> of(Reader text) {
        LineNumberReader lines = new LineNumberReader(text);
        MessageBody first = firstLine(lines);
        if (first == null) {
            return Stream.empty();
        }
        boolean array = first.text().stripLeading().startsWith("[");
        if (array && !ArrayElements.isWholeArray(first.text())) {
            return stream(new ArrayElements(first, lines));
        }
        MessageBody second = nextLine(lines);
        if (array && second == null) {
            return stream(new ArrayElements(first, lines));
        }
        return Stream.concat(Stream.of(first, second).filter(Objects::nonNull), stream(() -> nextLine(lines)));
    }

    /** @param next the next element; null at the end */
    private static Stream<MessageBody> stream(Supplier<@Nullable MessageBody> next) {
        return Stream.iterate(next.get(), Objects::nonNull, previous -> next.get());
    }

    private static @Nullable MessageBody firstLine(LineNumberReader lines) {
        MessageBody line = nextLine(lines);
        if (line == null || !line.text().startsWith(BYTE_ORDER_MARK)) {
            return line;
        }
        String unmarked = line.text().substring(BYTE_ORDER_MARK.length());
        return unmarked.isBlank() ? nextLine(lines) : new MessageBody(line.line(), unmarked);
    }

    private static @Nullable MessageBody nextLine(LineNumberReader reader) {
        try {
            String line = reader.readLine();
            while (line != null && line.isBlank()) {
                line = reader.readLine();
            }
            return line == null ? null : new MessageBody(reader.getLineNumber(), line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
