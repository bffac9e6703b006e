package dev.sluice.mapping;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a message attribute, personal data.
 *
 * @param type what SQS calls it, without a custom label
 * @param text the value: of a {@code Binary} its base64
 */
public record Attribute(Type type, String text) {

    /** Names that SQS takes (API reference, MessageAttributeValue). */
    static final Pattern NAME = Pattern.compile("(?=.{1,256}$)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** Stands for the message group id, which SQS keeps apart from the attributes. No attribute has this name. */
    public static final String MESSAGE_GROUP = "AWS.MessageGroupId";

    private static final List<String> RESERVED = List.of("AWS.", "Amazon.");

    /** The data types of SQS (Developer Guide, "Message attribute data types"). */
    public enum Type {
        STRING,
        NUMBER,
        /** Bytes, which no column reads. */
        BINARY;

        /**
         * The type of SQS's {@code DataType}: {@code String}, {@code Number} or {@code Binary}, with or without a custom
         * label such as {@code Number.float}. SQS has no others; one of another service counts as binary.
         */
        public static Type of(String dataType) {
            int label = dataType.indexOf('.');
            return switch (label < 0 ? dataType : dataType.substring(0, label)) {
                case "String" -> STRING;
                case "Number" -> NUMBER;
                default -> BINARY;
            };
        }
    }

    /** Why SQS does not take the name of an attribute; null if it does. */
    public static @Nullable String nameProblem(String name) {
        if (!NAME.matcher(name).matches()) {
            return "the name of a message attribute was expected: letters, digits, underscores, hyphens and single"
                    + " periods between them, at most 256 characters";
        }
        boolean reserved =
                RESERVED.stream().anyMatch(prefix -> name.regionMatches(true, 0, prefix, 0, prefix.length()));
        return reserved ? "SQS reserves names that begin with AWS. or Amazon." : null;
    }

    /** Shows the type, never the value. */
    @Override
    public String toString() {
        return "Attribute[" + type + "]";
    }
}
