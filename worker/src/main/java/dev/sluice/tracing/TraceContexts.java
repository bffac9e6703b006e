package dev.sluice.tracing;

import dev.sluice.pipeline.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads in which span a message was sent. What is malformed is ignored: a sender may write anything. Stateless. */
final class TraceContexts {

    /** W3C Trace Context (Level 2), 3.2: later versions may append to what version 00 has; ff is invalid. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /** X-Ray Developer Guide, Tracing header: a version, the time and 96 bits, which together are an id of W3C. */
    private static final Pattern ROOT = Pattern.compile("1-([0-9a-fA-F]{8})-([0-9a-fA-F]{24})");

    private static final Pattern PARENT = Pattern.compile("[0-9a-fA-F]{16}");
    private static final int LONGEST = 512;

    private TraceContexts() {}

    /** The sender's span; {@code traceparent} counts before X-Ray's header. */
    static Optional<SpanContext> of(TraceHeaders headers) {
        return w3c(headers.traceparent()).or(() -> xRay(headers.awsTraceHeader()));
    }

    private static Optional<SpanContext> w3c(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher parts = TRACEPARENT.matcher(text);
        if (!parts.matches() || (parts.group(1).equals("00") && parts.group(5) != null)) {
            return Optional.empty();
        }
        return valid(parts.group(2), parts.group(3), TraceFlags.fromHex(parts.group(4), 0));
    }

    /** {@code Root=1-..-..;Parent=..;Sampled=1}; without a parent it names no span. */
    private static Optional<SpanContext> xRay(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return Optional.empty();
        }
        String trace = "";
        String span = "";
        boolean sampled = false;
        for (String field : text.split(";", -1)) {
            String value = field.substring(field.indexOf('=') + 1).strip();
            switch (field.substring(0, Math.max(0, field.indexOf('='))).strip()) {
                case "Root" -> {
                    Matcher root = ROOT.matcher(value);
                    trace = root.matches() ? root.group(1) + root.group(2) : "";
                }
                case "Parent" -> span = PARENT.matcher(value).matches() ? value : "";
                case "Sampled" -> sampled = value.equals("1");
                default -> {} // Lineage, Self and what may come
            }
        }
        return valid(lower(trace), lower(span), sampled ? TraceFlags.getSampled() : TraceFlags.getDefault());
    }

    private static String lower(String hex) {
        return hex.toLowerCase(Locale.ROOT);
    }

    /** Zeros are invalid, as is what is missing. */
    private static Optional<SpanContext> valid(String trace, String span, TraceFlags flags) {
        SpanContext context = SpanContext.createFromRemoteParent(trace, span, flags, TraceState.getDefault());
        return context.isValid() ? Optional.of(context) : Optional.empty();
    }
}
