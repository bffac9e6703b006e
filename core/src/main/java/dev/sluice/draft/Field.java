package dev.sluice.draft;

import dev.sluice.detect.ColumnScan;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mask.IpAddress;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the samples hold in one field: counts, sizes and hashes of distinct values. Used by one thread while it grows.
 */
final class Field {

    /** More distinct values than that are many. */
    private static final int MAX_DISTINCT = 1_000;

    /** More children than that are not names that somebody chose. */
    private static final int MAX_CHILDREN = 2_000;

    /** What has so many digits fits no column. */
    private static final int MANY_DIGITS = 10_000;

    /** Words of an enumeration. */
    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_. /-]{0,39}");

    final Map<String, Field> children = new LinkedHashMap<>();
    final ColumnScan scan = new ColumnScan("");
    final Set<Integer> distinct = new HashSet<>();

    long objects;
    long arrays;
    long texts;
    long wholes;
    long decimals;
    long booleans;
    long nulls;
    long codes;
    long blanks;
    long dates;
    long timestamps;
    long uuids;
    long addresses;
    int maxChars;
    int maxBytes;
    int integerDigits;
    int scale;
    long minimum = Long.MAX_VALUE;
    long maximum = Long.MIN_VALUE;
    boolean tooManyChildren;

    long values() {
        return objects + arrays + texts + wholes + decimals + booleans;
    }

    /** Reads the value that the parser is on; leaves it on the value's last token. */
    void add(JsonParser parser) {
        switch (parser.currentToken()) {
            case START_OBJECT -> addObject(parser);
            case START_ARRAY -> {
                arrays++;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    child("").add(parser);
                }
            }
            case VALUE_STRING -> addText(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> addNumber(parser.getString());
            case VALUE_TRUE, VALUE_FALSE -> booleans++;
            default -> nulls++;
        }
    }

    void addObject(JsonParser parser) {
        objects++;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Field child = child(parser.currentName());
            parser.nextToken();
            child.add(parser);
        }
    }

    long numbers() {
        return wholes + decimals;
    }

    private Field child(String name) {
        Field known = children.get(name);
        if (known != null) {
            return known;
        }
        Field fresh = new Field();
        if (children.size() < MAX_CHILDREN) {
            children.put(name, fresh);
        } else {
            tooManyChildren = true;
        }
        return fresh;
    }

    private void addText(String text) {
        texts++;
        scan.add(text);
        blanks += text.isBlank() ? 1 : 0;
        codes += CODE.matcher(text).matches() ? 1 : 0;
        dates += Simple.DATE.reads(text) ? 1 : 0;
        timestamps += Simple.TIMESTAMPTZ.reads(text) ? 1 : 0;
        addresses += IpAddress.canonical(text) == null ? 0 : 1;
        uuids += Simple.UUID.reads(text) ? 1 : 0;
        maxChars = Math.max(maxChars, text.codePointCount(0, text.length()));
        maxBytes = Math.max(maxBytes, text.getBytes(StandardCharsets.UTF_8).length);
        if (distinct.size() < MAX_DISTINCT) {
            distinct.add(text.hashCode());
        }
    }

    private void addNumber(String text) {
        scan.add(text);
        Long whole = whole(text);
        if (whole != null) {
            wholes++;
            minimum = Math.min(minimum, whole);
            maximum = Math.max(maximum, whole);
        } else {
            decimals++;
        }
        addDigits(text);
    }

    private void addDigits(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            long digits = (long) number.precision() - number.scale();
            integerDigits = (int) Math.max(integerDigits, Math.min(digits, MANY_DIGITS));
            scale = Math.max(scale, Math.min(number.scale(), MANY_DIGITS));
        } catch (NumberFormatException exponentBeyondInt) {
            integerDigits = MANY_DIGITS;
        }
    }

    private static @Nullable Long whole(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException fractionOrTooLong) {
            return null;
        }
    }
}
