package dev.sluice.cli.run;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.run.MessageText.TooLongException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a file: its JSON values, on one line each (NDJSON) or on several, each as the exact text that the file
 * has; the elements if the file is one array; or, on request, its lines as they are. A byte order mark is skipped. Streams,
 * so a file may have any size. Used by one thread, but for {@link #bytesRead}.
 *
 * <p>{@link #hasNext} reads, so it blocks while standard input is silent, and throws {@link MessageFileException} for what
 * is not a message.
 */
public final class MessageFile implements Iterator<MessageBody>, AutoCloseable {

    private final String name;
    private final OptionalLong size;
    private final MessageText text;
    private final Supplier<@Nullable MessageBody> messages;
    private @Nullable MessageBody next;

    private MessageFile(String name, OptionalLong size, InputStream bytes, boolean lines, long fromLine) {
        this.name = name;
        this.size = size;
        this.text = new MessageText(bytes);
        try {
            text.skipByteOrderMark();
            this.messages = lines ? lines(fromLine) : JsonMessages.of(text, fromLine);
        } catch (IOException e) {
            throw unreadable(text.lines() + 1, e);
        }
    }

    /**
     * Opens a file.
     *
     * @param file a path, or {@code -} for standard input
     * @param lines whether each line is a message, JSON or not
     * @param fromLine messages that begin before this line are left out; 1 for all
     * @throws MessageFileException if there is no such file, it cannot be read, or its first bytes are not UTF-8
     */
    public static MessageFile open(Console console, String file, boolean lines, long fromLine) {
        if (file.equals("-")) {
            return new MessageFile("standard input", OptionalLong.empty(), console.in(), lines, fromLine);
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw new MessageFileException(0, "it is a directory; a file was expected");
            }
            OptionalLong size = Files.isRegularFile(path) ? OptionalLong.of(Files.size(path)) : OptionalLong.empty();
            return new MessageFile(file, size, Files.newInputStream(path), lines, fromLine);
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new MessageFileException(0, "no such file");
        } catch (AccessDeniedException e) {
            throw new MessageFileException(0, "permission denied");
        } catch (IOException e) {
            throw new MessageFileException(0, "the file cannot be read");
        }
    }

    /** The messages of a text that comes with the program. */
    public static MessageFile of(InputStream bytes) {
        return new MessageFile("messages", OptionalLong.empty(), bytes, false, 1);
    }

    /** The file as errors should name it. */
    public String name() {
        return name;
    }

    /** Bytes of the file; empty if that is not known, as of standard input. */
    public OptionalLong size() {
        return size;
    }

    /** Which part of the file was read so far, 0 to 1; empty if its size is not known. To be called by any thread. */
    Optional<DoubleSupplier> share() {
        return size.isEmpty() || size.getAsLong() == 0
                ? Optional.empty()
                : Optional.of(() -> bytesRead() / (double) size.getAsLong());
    }

    /** How many bytes were read so far, some of them ahead of the last message. May be called by any thread. */
    public long bytesRead() {
        return text.bytesRead();
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = messages.get();
        }
        return next != null;
    }

    @Override
    public MessageBody next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        MessageBody body = next;
        next = null;
        return body;
    }

    private Supplier<@Nullable MessageBody> lines(long fromLine) {
        return () -> {
            try {
                String line = text.nextLine();
                while (line != null && (line.isBlank() || text.lines() < fromLine)) {
                    line = text.nextLine();
                }
                return line == null ? null : new MessageBody(text.lines(), line);
            } catch (IOException e) {
                throw unreadable(text.lines() + 1, e);
            }
        };
    }

    static MessageFileException unreadable(long line, IOException e) {
        return new MessageFileException(
                line,
                switch (e) {
                    case TooLongException tooLong ->
                        "what begins on line " + line + " is longer than 16 MiB; a message holds at most 1 MiB";
                    case CharacterCodingException notText -> "line " + line + " is not UTF-8 text";
                    default -> "the file cannot be read from line " + line + " on";
                });
    }

    @Override
    public void close() {
        try {
            text.close();
        } catch (IOException e) {
            throw unreadable(text.lines() + 1, e);
        }
    }
}
