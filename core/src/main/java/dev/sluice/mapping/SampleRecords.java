package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Compression;
import dev.sluice.mapping.PipelineSpec.Unwrap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the records of a body by the mapper's rules, for what looks at every field. Stateless. */
public final class SampleRecords {

    private SampleRecords() {}

    /**
     * Passes each record of a body on, if all of them are sound.
     *
     * @param record gets the parser on the record's {@code START_OBJECT}, and leaves it on the matching {@code END_OBJECT}
     * @return why the mapper could not fill any column from the body; null if it was read
     */
    public static @Nullable Reason read(Unwrap unwrap, byte[] message, Consumer<JsonParser> record) {
        Body body = new Unpacking(unwrap, Compression.NONE).unpack(message);
        Reason fault = body.reason() == null ? fault(body) : body.reason();
        if (fault != null) {
            return fault;
        }
        try (JsonParser parser = Json.parser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    record.accept(parser);
                }
            }
        }
        return null;
    }

    private static @Nullable Reason fault(Body body) {
        try (JsonParser parser = Json.parser(body)) {
            try {
                return fault(parser);
            } catch (JacksonException e) {
                return Json.reason(e, parser, body);
            }
        }
    }

    private static @Nullable Reason fault(JsonParser parser) {
        JsonToken root = parser.nextToken();
        if (root != JsonToken.START_OBJECT && root != JsonToken.START_ARRAY) {
            return Reason.NOT_AN_OBJECT;
        }
        Reason unfit = null;
        for (JsonToken token = parser.nextToken(); !parser.streamReadContext().inRoot(); token = parser.nextToken()) {
            boolean element = root == JsonToken.START_ARRAY
                    && parser.streamReadContext().getNestingDepth() == 1
                    && token != JsonToken.END_OBJECT;
            unfit = unfit == null && element ? Reason.NOT_AN_OBJECT : unfit;
            boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
            unfit = unfit == null && text ? Texts.unfit(parser.getString()) : unfit;
        }
        return unfit == null && parser.nextToken() != null ? Reason.TRAILING_CONTENT : unfit;
    }
}
