package dev.sluice.mapping;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** The only JSON parser: strict, with limits. Thread-safe. */
final class Json {

    /** Nesting levels, including a batch's array. Events are flat; deeper nesting is an attack on the stack. */
    static final int MAX_DEPTH = 32;

    /** No column holds more digits ({@code numeric(1000,s)}), and parsing long numbers takes quadratic time. */
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private static final int MAX_NAME_LENGTH = 1_024;

    /** Tokens of one record, about two per field: an event has tens of fields, not thousands. */
    static final long MAX_RECORD_TOKENS = 20_000;

    /** A full message of 1 MiB has at most half as many tokens; bounds what a gzip bomb within its cap can cost. */
    private static final long MAX_TOKENS = 1_000_000;

    /** A body of one record ends with that record's tokens: names beyond the limit are not even read. */
    private static final JsonFactory OBJECTS = factory(MAX_RECORD_TOKENS + 1);

    private static final JsonFactory ARRAYS = factory(MAX_TOKENS);

    private Json() {}

    private static JsonFactory factory(long maxTokens) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Interned names fill a global table, which outside input must not control.
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                // Unpacking has verified UTF-8.
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxStringLength(Unpacking.MAX_UNPACKED_BYTES)
                        .maxTokenCount(maxTokens)
                        .build())
                .build();
    }

    static JsonParser parser(Body body) {
        JsonFactory factory = isArray(body) ? ARRAYS : OBJECTS;
        return factory.createParser(ObjectReadContext.empty(), body.buffer(), body.offset(), body.length());
    }

    /** For one value that is not an object or array. */
    static JsonParser parser(String value) {
        return OBJECTS.createParser(ObjectReadContext.empty(), value);
    }

    private static boolean isArray(Body body) {
        int at = body.offset();
        int end = at + body.length();
        while (at < end && body.buffer()[at] <= ' ') {
            at++;
        }
        return at < end && body.buffer()[at] == '[';
    }

    /** Why the parser failed. Only the first word of its message is read; the rest may quote the body. */
    static Reason reason(JacksonException failure, JsonParser parser, Body body) {
        if (failure instanceof UnexpectedEndOfInputException || breaksOff(parser, body)) {
            return Reason.TRUNCATED;
        }
        if (failure instanceof StreamConstraintsException) {
            return parser.streamReadContext().getNestingDepth() > MAX_DEPTH ? Reason.TOO_DEEP : Reason.TOO_LARGE;
        }
        return failure.getOriginalMessage().startsWith("Duplicate") ? Reason.DUPLICATE_KEY : Reason.NOT_JSON;
    }

    /** Whether the input ended within an open object or array, for which the parser may throw something else. */
    private static boolean breaksOff(JsonParser parser, Body body) {
        byte last = body.buffer()[body.offset() + body.length() - 1];
        return !parser.streamReadContext().inRoot()
                && parser.currentLocation().getByteOffset() >= body.length()
                && last != '}'
                && last != ']';
    }
}
