package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Numeric;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.MaskedText;
import dev.sluice.mask.Masks;
import dev.sluice.mask.ReversibleMask;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Compiles columns to readers. JSON types are not converted: a number is not a text, a text is not a number. */
final class ValueReaders {

    private ValueReaders() {}

    /** @param mask the column's mask; null if the value is stored as it is */
    static Function<JsonParser, Object> of(Column column, @Nullable Mask mask) {
        ColumnType type = column.type();
        Convert convert = column.convert();
        if (convert == Convert.EPOCH_SECONDS || convert == Convert.EPOCH_MILLIS) {
            return wholeNumber(epoch(convert, type));
        }
        if (type instanceof Numeric numeric) {
            return number(text -> Numbers.numeric(text, numeric));
        }
        if (type instanceof Varchar varchar) {
            return text(column.required(), string(column, mask, varchar.length()));
        }
        return switch ((Simple) type) {
            case TEXT -> text(column.required(), string(column, mask, Integer.MAX_VALUE));
            case INTEGER, BIGINT -> wholeOrVersion(column);
            case BOOLEAN -> ValueReaders::bool;
            case DATE -> text(column.required(), Times::date);
            case TIMESTAMPTZ -> text(column.required(), Times::timestamp);
            case UUID ->
                text(column.required(), text -> Texts.isUuid(text) ? UUID.fromString(text) : Reason.INVALID_UUID);
            case JSONB -> JsonValues::read;
        };
    }

    private static Function<JsonParser, Object> text(boolean required, Function<String, Object> rule) {
        return parser -> {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return Reason.NOT_TEXT;
            }
            String text = parser.getString();
            return required && text.isBlank() ? Reason.BLANK : rule.apply(text);
        };
    }

    private static Function<JsonParser, Object> wholeNumber(Function<String, Object> rule) {
        return parser -> parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? rule.apply(parser.getString())
                : Reason.NOT_A_WHOLE_NUMBER;
    }

    private static Function<JsonParser, Object> number(Function<String, Object> rule) {
        return parser -> {
            JsonToken token = parser.currentToken();
            boolean isNumber = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
            return isNumber ? rule.apply(parser.getString()) : Reason.NOT_A_NUMBER;
        };
    }

    private static Object bool(JsonParser parser) {
        JsonToken token = parser.currentToken();
        boolean isBoolean = token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE;
        return isBoolean ? token == JsonToken.VALUE_TRUE : Reason.NOT_A_BOOLEAN;
    }

    private static Function<JsonParser, Object> wholeOrVersion(Column column) {
        boolean integer = column.type() == Simple.INTEGER;
        Convert convert = column.convert();
        if (convert == null) {
            return wholeNumber(integer ? Numbers::integer : Numbers::bigint);
        }
        return text(column.required(), text -> {
            Object number = Versions.number(text, convert);
            return integer && number instanceof Long version ? narrowed(version) : number;
        });
    }

    private static Object narrowed(long version) {
        return version == (int) version ? (Object) (int) version : Reason.VERSION_OUT_OF_RANGE;
    }

    private static Function<String, Object> epoch(Convert convert, ColumnType type) {
        Function<String, Object> instant = convert == Convert.EPOCH_SECONDS ? Times::epochSeconds : Times::epochMillis;
        return type == Simple.DATE ? instant.andThen(ValueReaders::dayOf) : instant;
    }

    private static Object dayOf(Object instant) {
        return instant instanceof Instant known ? (Object) LocalDate.ofInstant(known, ZoneOffset.UTC) : instant;
    }

    /**
     * Verifies that UTF-8 represents the text exactly before it is masked: otherwise two values could get one token.
     * Does not mask a text whose token cannot fit: encrypting a mebibyte of it would take some 6 ms for nothing.
     */
    private static Function<String, Object> string(Column column, @Nullable Mask mask, int maxCodePoints) {
        UnaryOperator<String> converted = letters(column.convert());
        MaskSpec spec = column.mask();
        if (mask == null || spec == null) {
            return text -> Texts.checked(converted.apply(text), maxCodePoints);
        }
        return text -> {
            Reason unfit = Texts.unfit(text);
            if (unfit != null) {
                return unfit;
            }
            String clear = converted.apply(text);
            if (Masks.minLength(spec, clear.length()) > maxCodePoints) {
                return Reason.TOO_LONG;
            }
            Object masked = masked(mask, clear, maxCodePoints);
            return masked == null ? invalid(spec.form()) : masked;
        };
    }

    /** A String, a {@link MaskedText}, or a {@link Reason}; null if the text does not have the mask's form. */
    private static @Nullable Object masked(Mask mask, String clear, int maxCodePoints) {
        if (mask instanceof ReversibleMask reversible) {
            MaskedText token = reversible.defer(clear);
            return token != null && token.length() > maxCodePoints ? Reason.TOO_LONG : token;
        }
        String masked = mask.mask(clear);
        return masked == null ? null : Texts.checked(masked, maxCodePoints);
    }

    private static Reason invalid(CanonicalForm form) {
        return switch (form) {
            case TEXT -> Reason.LONE_SURROGATE;
            case IP -> Reason.INVALID_IP;
            case EMAIL -> Reason.INVALID_EMAIL;
            case PHONE -> Reason.INVALID_PHONE;
            case MAC -> Reason.INVALID_MAC;
            case CARD -> Reason.INVALID_CARD;
        };
    }

    private static UnaryOperator<String> letters(@Nullable Convert convert) {
        if (convert == null) {
            return UnaryOperator.identity();
        }
        return switch (convert) {
            case LOWER -> text -> text.toLowerCase(Locale.ROOT);
            case UPPER -> text -> text.toUpperCase(Locale.ROOT);
            case TRIM -> String::strip;
            case VERSION_MAJOR, VERSION_PACKED, VERSION_DECIMAL, EPOCH_SECONDS, EPOCH_MILLIS ->
                throw new IllegalArgumentException(convert + " does not give text");
        };
    }
}
