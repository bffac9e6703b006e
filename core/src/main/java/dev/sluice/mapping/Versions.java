package dev.sluice.mapping;

/**
 * Rules for version texts: one to three groups of ASCII digits separated by dots, missing groups 0, nothing else.
 * Methods return a value or a {@link Reason}, as one {@link Object}.
 */
final class Versions {

    private static final int PARTS = 3;

    /** version-packed keeps 8 bits per part. */
    private static final int MAX_PACKED_PART = 255;

    /** version-decimal keeps three digits for minor and patch. */
    private static final int MAX_DECIMAL_PART = 999;

    /** Larger parts are capped at this value, which no column can hold, so that no sum overflows. */
    private static final long PART_LIMIT = 1_000_000_000_000L;

    private Versions() {}

    /** Converts a version by {@code convert}, to {@link Long}. */
    static Object number(String text, Convert convert) {
        long[] parts = parse(text);
        if (parts.length == 0) {
            return Reason.INVALID_VERSION;
        }
        if (convert != Convert.VERSION_PACKED && Math.max(parts[0], Math.max(parts[1], parts[2])) == PART_LIMIT) {
            return Reason.VERSION_OUT_OF_RANGE;
        }
        return switch (convert) {
            case VERSION_MAJOR -> parts[0];
            case VERSION_PACKED -> packed(parts);
            case VERSION_DECIMAL -> decimal(parts);
            case LOWER, UPPER, TRIM, EPOCH_SECONDS, EPOCH_MILLIS ->
                throw new IllegalArgumentException(convert + " is not a conversion of versions");
        };
    }

    private static Object packed(long[] parts) {
        if (parts[0] > MAX_PACKED_PART || parts[1] > MAX_PACKED_PART || parts[2] > MAX_PACKED_PART) {
            return Reason.VERSION_PART_TOO_LARGE;
        }
        return parts[0] << 16 | parts[1] << 8 | parts[2];
    }

    private static Object decimal(long[] parts) {
        if (parts[1] > MAX_DECIMAL_PART || parts[2] > MAX_DECIMAL_PART) {
            return Reason.VERSION_OUT_OF_RANGE;
        }
        return parts[0] * 1_000_000 + parts[1] * 1_000 + parts[2];
    }

    /** The three parts; empty if the text is not a version. */
    private static long[] parse(String text) {
        long[] parts = new long[PARTS];
        int part = 0;
        boolean digitSeen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                parts[part] = Math.min(PART_LIMIT, parts[part] * 10 + (c - '0'));
                digitSeen = true;
            } else if (c == '.' && digitSeen && ++part < PARTS) {
                digitSeen = false;
            } else {
                return new long[0];
            }
        }
        return digitSeen ? parts : new long[0];
    }
}
