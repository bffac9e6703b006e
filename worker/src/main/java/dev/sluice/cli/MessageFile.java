package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
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

/**
 * The message bodies in a file: each line of NDJSON as it stands, be it JSON or not, blank lines left out; or each
 * element of a JSON array. It is an array when the first character is {@code [} and the first line is not a whole array
 * by itself with another line after it. A byte order mark is no part of it. Read as it is sent, so a file of lines may be of any size.
 */
final class MessageFile {

    /** Without limits: what is too large or too deep is for the worker to say, message by message. */
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

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private MessageFile() {}

    /** Text that fails at the first byte that is no UTF-8: a message with a replacement character would be another one. */
    static Reader utf8(InputStream bytes) {
        return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
    }

    /**
     * A body and where it stands.
     *
     * @param line its line in the file, from 1; of an array's element the line on which it begins
     */
    record Numbered(long line, String body) {

        /** Without the body. */
        @Override
        public String toString() {
            return "Numbered[line " + line + "]";
        }
    }

    /**
     * @throws UncheckedIOException when the text cannot be read
     * @throws JacksonException from the iterator, when an array breaks off in the middle, or something follows it
     */
    static Iterator<String> of(Reader text) {
        Iterator<Numbered> numbered = numbered(text);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return numbered.hasNext();
            }

            @Override
            public String next() {
                return numbered.next().body();
            }
        };
    }

    /** As {@link #of}, with the lines' numbers. */
    static Iterator<Numbered> numbered(Reader text) {
        LineNumberReader lines = new LineNumberReader(text);
        Numbered first = firstLine(lines);
        if (first == null || !first.body().stripLeading().startsWith("[")) {
            return lines(first, lines);
        }
        if (!isWholeArray(first.body())) {
            return elements(first, lines);
        }
        Numbered second = nextLine(lines);
        return second == null ? elements(first, lines) : lines(first, second, lines);
    }

    private static Iterator<Numbered> lines(@Nullable Numbered first, LineNumberReader rest) {
        return new Ahead(first) {
            @Override
            @Nullable
            Numbered fetch() {
                return nextLine(rest);
            }
        };
    }

    private static Iterator<Numbered> lines(Numbered first, Numbered second, LineNumberReader rest) {
        return new Ahead(first) {
            private @Nullable Numbered pending = second;

            @Override
            @Nullable
            Numbered fetch() {
                Numbered line = pending == null ? nextLine(rest) : pending;
                pending = null;
                return line;
            }
        };
    }

    private static Iterator<Numbered> elements(Numbered first, Reader rest) {
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), new JoinedReader(first.body(), rest));
        long linesBefore = first.line() - 1;
        parser.nextToken();
        return new Ahead(element(parser, linesBefore)) {
            @Override
            @Nullable
            Numbered fetch() {
                return element(parser, linesBefore);
            }
        };
    }

    private static @Nullable Numbered element(JsonParser parser, long linesBefore) {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            requireEnd(parser);
            return null;
        }
        long line = linesBefore + parser.currentTokenLocation().getLineNr();
        StringWriter body = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), body)) {
            copy(parser, json);
        }
        return new Numbered(line, escaped(body.toString()));
    }

    /** What stands behind the array would be left unsent without a word. */
    private static void requireEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "nothing was expected after the array");
        }
    }

    /**
     * Half of a surrogate pair as an escape, which it was in the file: UTF-8 has none, and a question mark in its place
     * would be another message. In JSON it can only stand in a string.
     */
    private static String escaped(String body) {
        StringBuilder text = new StringBuilder(body.length());
        body.codePoints().forEach(c -> {
            if (Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE) {
                text.append("\\u").append(Integer.toHexString(c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    /** Numbers by their digits: any other way alters 1.10, or 1e400. */
    private static void copy(JsonParser parser, JsonGenerator json) {
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

    private static @Nullable Numbered firstLine(LineNumberReader lines) {
        Numbered line = nextLine(lines);
        if (line == null || !line.body().startsWith(BYTE_ORDER_MARK)) {
            return line;
        }
        String unmarked = line.body().substring(BYTE_ORDER_MARK.length());
        return unmarked.isBlank() ? nextLine(lines) : new Numbered(line.line(), unmarked);
    }

    private static boolean isWholeArray(String line) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_ARRAY;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static @Nullable Numbered nextLine(LineNumberReader reader) {
        try {
            String line = reader.readLine();
            while (line != null && line.isBlank()) {
                line = reader.readLine();
            }
            return line == null ? null : new Numbered(reader.getLineNumber(), line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An iterator that has the next element in hand. */
    private abstract static class Ahead implements Iterator<Numbered> {

        private @Nullable Numbered next;

        Ahead(@Nullable Numbered first) {
            next = first;
        }

        /** The element after the one in hand; null when there is none. */
        abstract @Nullable Numbered fetch();

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Numbered next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Numbered current = next;
            next = fetch();
            return current;
        }
    }
}
