package dev.sluice.badinput;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The notation in which a case writes its texts, so that a body of a mebibyte takes a line. A text is a JSON string; or
 * an array of parts that are joined, each a string, {@code [string, times]}, {@code [string, times, mark]} where the
 * mark is replaced by the repetition's number from 0, or an object: a login event in which the fields named are replaced
 * by the JSON text given (a text again), or left out for {@code null}.
 */
final class CaseText {

    private final String id;

    CaseText(String id) {
        this.id = id;
    }

    String of(Object notation) {
        return notation instanceof List<?> parts
                ? parts.stream().map(this::part).collect(Collectors.joining())
                : part(notation);
    }

    private String part(@Nullable Object part) {
        if (part instanceof Map<?, ?> fields) {
            return event(fields);
        }
        if (part instanceof List<?> repeated) {
            return repeated(repeated);
        }
        return (String) Objects.requireNonNull(part);
    }

    private static String repeated(List<?> notation) {
        String text = (String) notation.get(0);
        int times = ((Number) notation.get(1)).intValue();
        if (notation.size() == 2) {
            return text.repeat(times);
        }
        String mark = (String) notation.get(2);
        return IntStream.range(0, times)
                .mapToObj(number -> text.replace(mark, Integer.toString(number)))
                .collect(Collectors.joining());
    }

    /** A good login event, but for the fields given. */
    String event(Map<?, ?> replaced) {
        Map<Object, String> fields = new LinkedHashMap<>();
        fields.put("user_id", "\"case-" + id + "\"");
        fields.put("app_version", "\"2.3.0\"");
        fields.put("device_type", "\"android\"");
        fields.put("ip", "\"198.51.100.7\"");
        fields.put("locale", "\"RU\"");
        fields.put("device_id", "\"593-47-5928\"");
        replaced.forEach((field, value) -> {
            fields.remove(field);
            if (value != null) {
                fields.put(field, of(value));
            }
        });
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** What SNS makes of an event without raw message delivery. */
    static String notification(String event) {
        String escaped = event.replace("\\", "\\\\").replace("\"", "\\\"");
        return "{\"Type\":\"Notification\",\"TopicArn\":\"arn:aws:sns:eu-west-1:000000000000:t\",\"Message\":\""
                + escaped + "\"}";
    }

    /** What a rule of EventBridge makes of an event. */
    static String ruled(String event) {
        return "{\"version\":\"0\",\"id\":\"6a7e8feb\",\"detail-type\":\"login\",\"source\":\"app\",\"account\":\"111122223333\","
                + "\"time\":\"2026-03-01T12:00:00Z\",\"region\":\"eu-west-1\",\"resources\":[],\"detail\":" + event
                + "}";
    }

    /** A CloudEvent in structured content mode. */
    static String cloudEvent(String event) {
        return "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/app\",\"type\":\"login\",\"data\":" + event + "}";
    }

    /** base64 of gzip. */
    static String packed(String event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(event.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
