package dev.sluice.badinput;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The corpus {@code bad-inputs.jsonl}: one case a line, its texts in the notation of {@link CaseText}. The body is one
 * of {@code body} (a text), {@code event} (a login event, changed), {@code sns} and {@code gzip} (a text, wrapped), and
 * {@code base64} (bytes that are no text). {@code record} is what is sealed when that is neither body nor event.
 */
public final class BadInputs {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final JsonFactory FACTORY = new JsonFactory();

    private BadInputs() {}

    /** All cases, in the file's order. */
    public static List<BadInput> all() {
        return resource("bad-inputs.jsonl").lines().map(BadInputs::read).toList();
    }

    /** The names of the pipelines that cases are meant for. */
    public static List<String> pipelines() {
        return all().stream().map(BadInput::pipeline).distinct().toList();
    }

    /** A pipeline's file. */
    public static Path file(String pipeline) {
        try {
            URL found = Objects.requireNonNull(BadInputs.class.getResource(pipeline + ".yaml"), pipeline);
            return Paths.get(found.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A good event, packed as the pipeline asks for. */
    public static String good(String pipeline, String user) {
        return packed(pipeline, new CaseText("").event(Map.of("user_id", "\"" + user + "\"")));
    }

    private static String packed(String pipeline, String event) {
        return switch (pipeline) {
            case "corpus-sns" -> CaseText.notification(event);
            case "corpus-gzip" -> CaseText.packed(event);
            case "corpus-eventbridge" -> CaseText.ruled(event);
            case "corpus-cloudevents" -> CaseText.cloudEvent(event);
            default -> event;
        };
    }

    private static BadInput read(String line) {
        Map<?, ?> members = (Map<?, ?>) json(line);
        String id = text(members, "id");
        CaseText texts = new CaseText(id);
        String pipeline = members.containsKey("pipeline") ? text(members, "pipeline") : "corpus";
        byte[] body = body(members, texts);
        return new BadInput(
                id,
                text(members, "class"),
                pipeline,
                body,
                originals(members, texts, body),
                text(members, "expected"),
                (String) members.get("column"),
                columns(members, "stored", texts),
                columns(members, "unmasked", texts),
                (String) members.get("mapper_only"));
    }

    private static byte[] body(Map<?, ?> members, CaseText texts) {
        if (members.get("base64") instanceof String base64) {
            return Base64.getDecoder().decode(base64);
        }
        if (members.get("event") instanceof Map<?, ?> changes) {
            return utf8(texts.event(changes));
        }
        Object sns = members.get("sns");
        Object gzip = members.get("gzip");
        if (sns != null) {
            return utf8(CaseText.notification(texts.of(sns)));
        }
        return utf8(
                gzip == null ? texts.of(Objects.requireNonNull(members.get("body"))) : CaseText.packed(texts.of(gzip)));
    }

    private static List<byte[]> originals(Map<?, ?> members, CaseText texts, byte[] body) {
        List<byte[]> originals = new ArrayList<>(List.of(body));
        boolean marked = body.length > 3 && Arrays.equals(body, 0, 3, BYTE_ORDER_MARK, 0, 3);
        if (marked) {
            originals.add(Arrays.copyOfRange(body, 3, body.length));
        }
        for (String key : List.of("record", "sns", "gzip")) {
            Object text = members.get(key);
            if (text != null) {
                originals.add(utf8(texts.of(text)));
            }
        }
        return originals;
    }

    private static Map<String, String> columns(Map<?, ?> members, String key, CaseText texts) {
        Map<String, String> columns = new LinkedHashMap<>();
        if (members.get(key) instanceof Map<?, ?> named) {
            named.forEach((column, value) -> columns.put((String) column, texts.of(Objects.requireNonNull(value))));
        }
        return columns;
    }

    private static String text(Map<?, ?> members, String key) {
        return (String) Objects.requireNonNull(members.get(key), key);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Object json(String line) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            return Objects.requireNonNull(value(parser));
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return members;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser));
            }
            return elements;
        }
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? (Object) parser.getIntValue()
                : parser.getValueAsString();
    }

    private static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(BadInputs.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
