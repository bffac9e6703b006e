package dev.sluice.cli.run;

import dev.sluice.cli.command.JsonLine;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** The elements of a JSON array, one at a time, each as JSON text with its values unchanged. Used by one thread. */
final class ArrayElements implements Supplier<@Nullable MessageBody> {

    /** Without limits: the worker decides what is too large or too deep, message by message. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final long linesBefore;

    /**
     * @param first the line on which the array begins
     * @param rest what follows that line
     */
    ArrayElements(MessageBody first, Reader rest) {
        this.linesBefore = first.line() - 1;
        this.parser = FACTORY.createParser(ObjectReadContext.empty(), joined(first.text() + "\n", rest));
        parser.nextToken();
    }

    private static Reader joined(String first, Reader rest) {
        PushbackReader joined = new PushbackReader(rest, first.length());
        try {
            joined.unread(first.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return joined;
    }

    static boolean isWholeArray(String line) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_ARRAY;
        } catch (JacksonException e) {
            return false;
        }
    }

    /** The next element; null at the end of the array. */
    @Override
    public @Nullable MessageBody get() {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            requireEnd();
            return null;
        }
        long line = linesBefore + parser.currentTokenLocation().getLineNr();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            copy(json);
        }
        // The file had half a surrogate pair as an escape. UTF-8 has no form for it, and a question mark in its place
        // would change the message.
        String body =
                JsonLine.escape(text.toString(), c -> Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE);
        return new MessageBody(line, body);
    }

    /** Otherwise whatever follows the array would be skipped silently. */
    private void requireEnd() {
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "nothing may follow the array");
        }
    }

    /** Numbers by their digits: anything else changes 1.10 or 1e400. */
    private void copy(JsonGenerator json) {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token.isNumeric()) {
                json.writeNumber(parser.getString());
            } else {
                json.copyCurrentEventExact(parser);
            }
        } while (depth > 0 && parser.nextToken() != null);
    }
}
