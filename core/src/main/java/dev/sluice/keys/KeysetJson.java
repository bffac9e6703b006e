package dev.sluice.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The form of the keyset file: an envelope of ours around one keyset in Tink's JSON per field.
 *
 * <pre>{@code
 * {"sluice-keyset-file":1,"encryption":"none","keysets":{"user-logins.masked_ip":{..},"quarantine":{..}}}
 * }</pre>
 *
 * The version comes first, so that a later form is told as such. Each keyset is kept as the bytes it was, so that
 * adding one leaves the others alone. Unknown and repeated names are refused: in a file of keys a typing error must
 * not pass. Used once, by one thread.
 */
final class KeysetJson {

    private static final int VERSION = 1;
    private static final String VERSION_NAME = "sluice-keyset-file";
    private static final String OPENING = "{\"sluice-keyset-file\":1,\"encryption\":\"none\",\"keysets\":{";
    private static final String CLOSING = "\n}}\n";

    /** What Tink's JSON may hold, by depth of nesting; Tink itself passes over names it does not know. */
    private static final List<Set<String>> TINK_NAMES = List.of(
            Set.of("primaryKeyId", "key"),
            Set.of("keyData", "status", "keyId", "outputPrefixType"),
            Set.of("typeUrl", "value", "keyMaterialType"));

    private final byte[] content;
    private final String origin;
    private final JsonParser parser;

    private KeysetJson(byte[] content, String origin, JsonParser parser) {
        this.content = content;
        this.origin = origin;
        this.parser = parser;
    }

    /**
     * Takes a file apart.
     *
     * @param origin the file, for messages
     * @return Tink's JSON by field, in the file's order
     * @throws KeysException when it is not of this form
     */
    static Map<String, byte[]> split(byte[] content, String origin) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), content)) {
            return new KeysetJson(content, origin, parser).file();
        } catch (JacksonException broken) {
            // Its message would quote the file.
            throw new KeysException(origin + " is no JSON (RFC 8259), or holds a name twice");
        }
    }

    /** Puts a file together from what {@link #split} gives. The caller wipes the result. */
    static byte[] join(Map<String, byte[]> keysets) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(OPENING.getBytes(StandardCharsets.US_ASCII));
        keysets.forEach((field, json) -> {
            parts.add(name(field, parts.size() == 1));
            parts.add(json);
        });
        parts.add(CLOSING.getBytes(StandardCharsets.US_ASCII));
        // Of the right size at once: a buffer that grows leaves copies of the keys behind.
        ByteBuffer file =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(file::put);
        return file.array();
    }

    private static byte[] name(String field, boolean first) {
        String quoted = new String(JsonStringEncoder.getInstance().quoteAsCharArray(field));
        return ((first ? "\n\"" : ",\n\"") + quoted + "\":").getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, byte[]> file() {
        demand(
                parser.nextToken() == JsonToken.START_OBJECT && VERSION_NAME.equals(parser.nextName()),
                "begin with its version");
        parser.nextToken();
        demand(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "give its version as a number");
        if (parser.getValueAsLong() != VERSION) {
            throw new KeysException(origin + " has a keyset file format that this version of Sluice does not read");
        }
        demand("encryption".equals(parser.nextName()), "tell its encryption after its version");
        demand("none".equals(parser.nextStringValue()), "have the encryption \"none\"");
        demand("keysets".equals(parser.nextName()), "hold its keysets after its encryption");
        demand(parser.nextToken() == JsonToken.START_OBJECT, "hold its keysets in an object");
        Map<String, byte[]> keysets = keysets();
        demand(parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null, "end after its keysets");
        return keysets;
    }

    private Map<String, byte[]> keysets() {
        Map<String, byte[]> keysets = new LinkedHashMap<>();
        for (String field = parser.nextName(); field != null; field = parser.nextName()) {
            demand(parser.nextToken() == JsonToken.START_OBJECT, "hold an object for each field");
            keysets.put(field, keyset());
        }
        return keysets;
    }

    /** From the opening brace, which is the current token, to the closing one. */
    private byte[] keyset() {
        int start = offset();
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.PROPERTY_NAME) {
                demand(
                        depth <= TINK_NAMES.size() && TINK_NAMES.get(depth - 1).contains(parser.currentName()),
                        "hold only names of Tink's keyset format");
            }
            depth += token == JsonToken.START_OBJECT ? 1 : token == JsonToken.END_OBJECT ? -1 : 0;
        }
        return Arrays.copyOfRange(content, start, offset() + 1);
    }

    private int offset() {
        return Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    }

    private void demand(boolean met, String rule) {
        if (!met) {
            throw new KeysException(
                    origin + ", line " + parser.currentTokenLocation().getLineNr() + ": a keyset file must " + rule);
        }
    }
}
