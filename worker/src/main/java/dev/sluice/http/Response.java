package dev.sluice.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * An answer.
 *
 * @param status of HTTP (RFC 9110, 15)
 * @param contentType with the character set where it is text
 * @param headers besides those that the server sets on every answer; names as sent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    /** Text, with a line end added. */
    public static Response text(int status, String text) {
        return new Response(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** A JSON document. */
    public static Response json(int status, String document) {
        return new Response(status, JSON, document.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /**
     * An error, as {@code {"error":".."}}.
     *
     * @param sentence for people; no value, and no exception's message
     */
    public static Response error(int status, String sentence) {
        return json(
                status,
                "{\"error\":\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(sentence)) + "\"}");
    }

    /** The same with one more header. */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, contentType, body, more);
    }

    /** Status and size only. */
    @Override
    public String toString() {
        return status + ", " + body.length + " bytes";
    }
}
