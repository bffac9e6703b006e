package dev.sluice.cli.run;

import dev.sluice.cli.run.MessageText.TooLongException;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON values of a text, one at a time, each as the exact text that the file has: one value after another, on one line
 * each or on several, or the elements of the array that is the whole text. Used by one thread.
 */
final class JsonMessages implements Supplier<@Nullable MessageBody> {

    /**
     * Without limits: the worker decides what is too large or too deep, message by message. Without a table of names,
     * which a file with many of them would fill.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final MessageText text;
    private final boolean elements;
    private final long fromLine;
    private final long linesBefore;
    private final long offset;
    private final JsonParser parser;
    private long valueLine;

    private JsonMessages(MessageText text, boolean elements, long fromLine) {
        this.text = text;
        this.elements = elements;
        this.fromLine = fromLine;
        this.linesBefore = text.lines();
        this.offset = text.position();
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /**
     * Reads from a line on. The lines before it are skipped unread, unless the text is an array: its elements cannot be
     * found without reading those before them.
     *
     * @param fromLine what begins before this line is left out
     */
    static JsonMessages of(MessageText text, long fromLine) throws IOException {
        boolean array = isOneArray(text);
        if (!array) {
            while (text.lines() < fromLine - 1 && text.nextLine() != null) {}
        }
        JsonMessages messages = new JsonMessages(text, array, fromLine);
        if (array) {
            messages.nextToken();
        }
        return messages;
    }

    /** A line that is an array and is followed by others is a message like them. */
    private static boolean isOneArray(MessageText text) throws IOException {
        long start = skipWhiteSpace(text, text.position());
        if (text.charAt(start) != '[') {
            return false;
        }
        try {
            long end = text.lineEnd(start);
            return !isOneValue(text.between(start, end)) || text.charAt(skipWhiteSpace(text, end)) < 0;
        } catch (TooLongException e) {
            return true;
        }
    }

    private static long skipWhiteSpace(MessageText text, long from) throws IOException {
        long at = from;
        for (int c = text.charAt(at); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = text.charAt(at)) {
            at++;
        }
        return at;
    }

    private static boolean isOneValue(String line) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /**
     * The next value; null at the end.
     *
     * @throws MessageFileException if what follows is not JSON or not UTF-8
     */
    @Override
    public @Nullable MessageBody get() {
        MessageBody next = next();
        while (next != null && next.line() < fromLine) {
            next = next();
        }
        return next;
    }

    private @Nullable MessageBody next() {
        try {
            JsonToken token = nextToken();
            if (elements && token == JsonToken.END_ARRAY) {
                requireEnd();
                return null;
            }
            return token == null ? null : body(token);
        } catch (JacksonException e) {
            throw failed(e, "the JSON value that begins on line " + valueLine);
        }
    }

    private @Nullable JsonToken nextToken() {
        try {
            JsonToken token = parser.nextToken();
            valueLine = line(parser.currentTokenLocation().getLineNr());
            return token;
        } catch (JacksonException e) {
            valueLine = line(parser.currentLocation().getLineNr());
            throw failed(e, "the array that the file begins with");
        }
    }

    private long line(int line) {
        return linesBefore + Math.max(line, 1);
    }

    private MessageBody body(JsonToken token) {
        long from = offset + parser.currentTokenLocation().getCharOffset();
        long to = end(token, from);
        MessageBody body = new MessageBody(valueLine, text.between(from, to));
        text.release(to);
        return body;
    }

    /** After a number the parser may have gone on to the white space that must follow it. */
    private long end(JsonToken token, long from) {
        if (token.isNumeric() || token.isBoolean() || token == JsonToken.VALUE_NULL) {
            return from + parser.getString().length();
        }
        parser.skipChildren();
        parser.finishToken();
        return offset + parser.currentLocation().getCharOffset();
    }

    /** Otherwise whatever follows the array would be skipped silently. */
    private void requireEnd() {
        if (nextToken() != null) {
            throw new MessageFileException(
                    valueLine, "line " + valueLine + " follows the array that the file begins with");
        }
    }

    /** After a comma the parser reports the end like any other fault. */
    private boolean breaksOff() {
        String rest = text.rest().strip();
        return offset + parser.currentLocation().getCharOffset() >= text.position() && rest.endsWith(",");
    }

    private MessageFileException failed(JacksonException e, String whole) {
        if (e.getCause() instanceof IOException unreadable) {
            return MessageFile.unreadable(line(parser.currentLocation().getLineNr()), unreadable);
        }
        if (e instanceof UnexpectedEndOfInputException || breaksOff()) {
            return new MessageFileException(valueLine, whole + " does not end");
        }
        long line = line(e.getLocation().getLineNr());
        String where = line == valueLine ? "" : ", in the value that begins on line " + valueLine;
        return new MessageFileException(
                valueLine, "line " + line + " is not JSON" + where + "; --lines takes each line as a message");
    }
}
