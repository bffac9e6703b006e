package dev.sluice.keys;

import dev.sluice.encoding.Labelled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The format of the keyset file: our own envelope around one keyset in Tink's JSON per field.
 *
 * <pre>{@code
 * {"sluice-keyset-file":1,"encryption":"none","keysets":{"user-logins.masked_ip":{..},"quarantine":{..}}}
 * {"sluice-keyset-file":1,"encryption":"none","keysets":{..},"destroyed":[{"keyId":1,"use":"keyed-hash","field":".."}]}
 * {"sluice-keyset-file":1,"encryption":"none","keysets":{..},"destroyed":[..],"database":"a UUID"}
 * {"sluice-keyset-file":1,"encryption":"aws-kms","kms-key":"arn:..","pipeline":"user-logins","sealed":"base64"}
 * }</pre>
 *
 * The sealed content is one of the others; "destroyed" and "database" are optional. The version comes first, so that a
 * later format is recognised. Each keyset is kept byte for byte, so that adding one leaves the others alone. Unknown
 * and repeated names are refused: a typing error in a key file must not pass unnoticed. Used once, by one thread.
 */
final class KeysetJson {

    private static final int VERSION = 1;
    private static final String VERSION_NAME = "sluice-keyset-file";
    /** The names of Tink's JSON, by depth of nesting; Tink itself ignores unknown names. */
    private static final List<Set<String>> TINK_NAMES = List.of(
            Set.of("primaryKeyId", "key"),
            Set.of("keyData", "status", "keyId", "outputPrefixType"),
            Set.of("typeUrl", "value", "keyMaterialType"));

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final byte[] content;
    private final String origin;
    private final JsonParser parser;

    private KeysetJson(byte[] content, String origin, JsonParser parser) {
        this.content = content;
        this.origin = origin;
        this.parser = parser;
    }

    /**
     * Parses a file.
     *
     * @param origin the file, for messages
     * @throws KeysException if it does not have this format
     */
    static KeysetForm read(byte[] content, String origin) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), content)) {
            return new KeysetJson(content, origin, parser).file();
        } catch (JacksonException broken) {
            // Its message would quote the file.
            throw new KeysException(origin + " is not JSON (RFC 8259), or contains a name twice");
        }
    }

    /** A text as it is written between quotation marks. */
    static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }

    private KeysetForm file() {
        require(
                parser.nextToken() == JsonToken.START_OBJECT && VERSION_NAME.equals(parser.nextName()),
                "begin with its version");
        parser.nextToken();
        require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "give its version as a number");
        if (parser.getValueAsLong() != VERSION) {
            throw new KeysException(origin + " has a keyset file format that this version of Sluice does not read");
        }
        require("encryption".equals(parser.nextName()), "state its encryption after its version");
        String encryption = parser.nextStringValue();
        require(
                "none".equals(encryption) || "aws-kms".equals(encryption),
                "have the encryption \"none\" or \"aws-kms\"");
        return "none".equals(encryption) ? clear() : encrypted();
    }

    private KeysetContent clear() {
        require("keysets".equals(parser.nextName()), "hold its keysets after its encryption");
        require(parser.nextToken() == JsonToken.START_OBJECT, "hold its keysets in an object");
        Map<String, byte[]> keysets = keysets();
        List<KeyInfo> destroyed = "destroyed".equals(parser.nextName()) ? destroyed() : List.of();
        UUID database = "database".equals(parser.currentName()) ? database() : null;
        requireEnd("end after its keysets");
        return new KeysetContent(keysets, destroyed, database);
    }

    /** From the name, which is the current token, to the token after the value. */
    private UUID database() {
        String rule = "name its database by a UUID";
        String text = parser.nextStringValue();
        require(text != null && UUID_FORM.matcher(text).matches(), rule);
        parser.nextToken();
        return UUID.fromString(text);
    }

    /** From the array's name, which is the current token, to the token after the array. */
    private List<KeyInfo> destroyed() {
        List<KeyInfo> keys = new ArrayList<>();
        require(parser.nextToken() == JsonToken.START_ARRAY, "list its destroyed keys in an array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            keys.add(destroyedKey());
        }
        parser.nextToken();
        return keys;
    }

    private KeyInfo destroyedKey() {
        String rule = "hold keyId, use and field of each destroyed key";
        require(parser.currentToken() == JsonToken.START_OBJECT && "keyId".equals(parser.nextName()), rule);
        require(parser.nextToken() == JsonToken.VALUE_NUMBER_INT, rule);
        long id = parser.getValueAsLong();
        String use = text("use", rule);
        String field = text("field", rule);
        Optional<KeyKind> kind = Labelled.find(KeyKind.values(), use);
        require(kind.isPresent() && id == Integer.toUnsignedLong((int) id) && id != 0, rule);
        require(parser.nextToken() == JsonToken.END_OBJECT, rule);
        return new KeyInfo(field, kind.orElseThrow(), (int) id, KeyInfo.Status.DESTROYED, false);
    }

    private EncryptedKeysets encrypted() {
        String rule = "hold kms-key, pipeline and sealed after its encryption";
        String keyId = text("kms-key", rule);
        String pipeline = text("pipeline", rule);
        byte[] sealed = base64(text("sealed", rule), rule);
        parser.nextToken();
        requireEnd("end after what is sealed");
        return new EncryptedKeysets(keyId, pipeline, sealed);
    }

    private String text(String name, String rule) {
        String text = name.equals(parser.nextName()) ? parser.nextStringValue() : null;
        require(text != null, rule);
        return Objects.requireNonNull(text);
    }

    private byte[] base64(String text, String rule) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw broken(rule);
        }
    }

    private void requireEnd(String rule) {
        require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null, rule);
    }

    private Map<String, byte[]> keysets() {
        Map<String, byte[]> keysets = new LinkedHashMap<>();
        for (String field = parser.nextName(); field != null; field = parser.nextName()) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "hold an object for each field");
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
                require(
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

    private void require(boolean met, String rule) {
        if (!met) {
            throw broken(rule);
        }
    }

    private KeysException broken(String rule) {
        return new KeysException(
                origin + ", line " + parser.currentTokenLocation().getLineNr() + ": a keyset file must " + rule);
    }
}
