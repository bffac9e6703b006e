package dev.sluice.mapping;

/**
 * The value of a message attribute, personal data.
 *
 * @param type what SQS calls it, without a custom label
 * @param text the value: of a {@code Binary} its base64
 */
public record Attribute(Type type, String text) {

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

    /** Shows the type, never the value. */
    @Override
    public String toString() {
        return "Attribute[" + type + "]";
    }
}
