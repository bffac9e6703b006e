package dev.sluice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
final class Bodies {

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

    private Bodies() {}

    /** Text that fails at the first byte that is no UTF-8: a message with a replacement character would be another one. */
    static Reader utf8(InputStream bytes) {
        return new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
    }

    /**
     * @throws UncheckedIOException when the text cannot be read
     * @throws JacksonException from the iterator, when an array breaks off in the middle, or something follows it
     */
    static Iterator<String> of(Reader text) {
        BufferedReader lines = new BufferedReader(text);
        String first = firstLine(lines);
        if (first == null || !first.stripLeading().startsWith("[")) {
            return lines(first, lines);
        }
        if (!isWholeArray(first)) {
            return elements(new JoinedReader(first, lines));
        }
        String second = nextLine(lines);
        return second == null ? elements(new JoinedReader(first, lines)) : lines(first, second, lines);
    }

    private static Iterator<String> lines(@Nullable String first, BufferedReader rest) {
        return new Ahead(first) {
            @Override
            @Nullable
            String fetch() {
                return nextLine(rest);
            }
        };
    }

    private static Iterator<String> lines(String first, String second, BufferedReader rest) {
        return new Ahead(first) {
            private @Nullable String pending = second;

            @Override
            @Nullable
            String fetch() {
                String line = pending == null ? nextLine(rest) : pending;
                pending = null;
                return line;
            }
        };
    }

    private static Iterator<String> elements(Reader text) {
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text);
        parser.nextToken();
        return new Ahead(element(parser)) {
            @Override
            @Nullable
            String fetch() {
                return element(parser);
            }
        };
    }

    private static @Nullable String element(JsonParser parser) {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            demandEnd(parser);
            return null;
        }
        StringWriter body = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), body)) {
            copy(parser, json);
        }
        return body.toString();
    }

    /** What stands behind the array would be left unsent without a word. */
    private static void demandEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new StreamReadException(parser, "nothing was expected after the array");
        }
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

    private static @Nullable String firstLine(BufferedReader lines) {
        String line = nextLine(lines);
        if (line == null || !line.startsWith(BYTE_ORDER_MARK)) {
            return line;
        }
        String unmarked = line.substring(BYTE_ORDER_MARK.length());
        return unmarked.isBlank() ? nextLine(lines) : unmarked;
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

    private static @Nullable String nextLine(BufferedReader reader) {
        try {
            String line = reader.readLine();
            while (line != null && line.isBlank()) {
                line = reader.readLine();
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An iterator that has the next element in hand. */
    private abstract static class Ahead implements Iterator<String> {

        private @Nullable String next;

        Ahead(@Nullable String first) {
            next = first;
        }

        /** The element after the one in hand; null when there is none. */
        abstract @Nullable String fetch();

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public String next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            String current = next;
            next = fetch();
            return current;
        }
    }

    /** A line that was read already, then the rest. */
    private static final class JoinedReader extends Reader {

        private final Reader rest;
        private String first;

        JoinedReader(String first, Reader rest) {
            this.first = first + "\n";
            this.rest = rest;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (first.isEmpty()) {
                return rest.read(buffer, offset, length);
            }
            int taken = Math.min(length, first.length());
            first.getChars(0, taken, buffer, offset);
            first = first.substring(taken);
            return taken;
        }

        @Override
        public void close() throws IOException {
            rest.close();
        }
    }
}
