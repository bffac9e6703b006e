package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Numeric;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import dev.sluice.mapping.PipelineSpec.Default;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads {@code default:}; a constant must satisfy the same rules as a value of a message. */
final class Defaults {

    private Defaults() {}

    /** The default for a column of that type; null if the text does not fit it. */
    static @Nullable Default parse(ColumnType type, String text) {
        if (type == Simple.DATE && text.equals("sent-date")) {
            return new Default.SentDate();
        }
        if (type == Simple.TIMESTAMPTZ && text.equals("sent-time")) {
            return new Default.SentTime();
        }
        Object constant = constant(type, text);
        return constant == null || constant instanceof Reason ? null : new Default.Constant(constant);
    }

    /** What {@link #parse} accepts, for a message. */
    static String expected(ColumnType type) {
        if (type == Simple.DATE) {
            return "sent-date or yyyy-mm-dd";
        }
        return type == Simple.TIMESTAMPTZ ? "sent-time or yyyy-mm-ddThh:mm:ssZ" : "a value of that type";
    }

    /** A text as a value of the type, a {@link Reason} if it does not fit, null if it is not such a value at all. */
    static @Nullable Object constant(ColumnType type, String text) {
        if (type instanceof Varchar varchar) {
            return Texts.checked(text, varchar.length());
        }
        if (type instanceof Numeric numeric) {
            return Numbers.isJsonNumber(text) ? Numbers.numeric(text, numeric) : null;
        }
        return switch ((Simple) type) {
            case TEXT -> Texts.checked(text, Integer.MAX_VALUE);
            case INTEGER -> Numbers.isWhole(text) ? Numbers.integer(text) : null;
            case BIGINT -> Numbers.isWhole(text) ? Numbers.bigint(text) : null;
            case BOOLEAN -> List.of("true", "false").contains(text) ? Boolean.valueOf(text) : null;
            case DATE -> Times.date(text);
            case TIMESTAMPTZ -> Times.timestamp(text);
            case UUID -> Texts.isUuid(text) ? UUID.fromString(text) : null;
            case JSONB -> null;
        };
    }
}
