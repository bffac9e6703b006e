package dev.sluice.sqs;

import dev.sluice.mapping.Attribute;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * A message attribute as SQS writes it. Personal data: shows none.
 *
 * @param dataType String, Number or Binary, with or without a label
 * @param text of the first two; null for a binary one
 * @param bytes of a binary one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReceivedAttribute(String dataType, @Nullable String text, byte[] bytes) {

    private static final byte[] NONE = {};

    /** Of AWS's checksum (Developer Guide, "Calculating the MD5 message digest for message attributes"). */
    private static final int TEXT = 1;

    private static final int BINARY = 2;

    /** Reads the one that the parser is on; throws as {@link AnswerJson}. */
    static ReceivedAttribute read(JsonParser json) {
        Map<String, @Nullable String> texts = new HashMap<>();
        AnswerJson.object(json, (name, value) -> {
            switch (name) {
                case "DataType", "StringValue", "BinaryValue" -> texts.put(name, AnswerJson.text(value));
                default -> value.skipChildren();
            }
        });
        String binary = texts.get("BinaryValue");
        return new ReceivedAttribute(
                String.valueOf(texts.get("DataType")),
                texts.get("StringValue"),
                binary == null ? NONE : Base64.getDecoder().decode(binary));
    }

    /** As the pipeline sees it. */
    Attribute attribute() {
        Attribute.Type type = Attribute.Type.of(dataType);
        return new Attribute(
                type,
                switch (type) {
                    case STRING, NUMBER -> text == null ? "" : text;
                    case BINARY -> Base64.getEncoder().encodeToString(bytes);
                });
    }

    /** What AWS's checksum of a message's attributes is made of: by name, each part behind its length. */
    static byte[] forChecksum(SortedMap<String, ReceivedAttribute> attributes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        attributes.forEach((name, attribute) -> {
            write(all, name.getBytes(StandardCharsets.UTF_8));
            write(all, attribute.dataType.getBytes(StandardCharsets.UTF_8));
            all.write(attribute.text == null ? BINARY : TEXT);
            write(all, attribute.text == null ? attribute.bytes : attribute.text.getBytes(StandardCharsets.UTF_8));
        });
        return all.toByteArray();
    }

    private static void write(ByteArrayOutputStream to, byte[] part) {
        to.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        to.writeBytes(part);
    }

    @Override
    public String toString() {
        return "ReceivedAttribute[" + dataType + "]";
    }
}
