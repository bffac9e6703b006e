package dev.sluice.console;

import dev.sluice.http.Request;
import dev.sluice.output.StoredValues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: the parameters of its query, or the members of its body. Those that are absent, null or empty
 * are null. Names that are not known are refused, since a misspelled filter would select everything.
 */
final class Parameters {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST_TEXT = 256;

    private final Map<?, ?> given;

    /** Whether numbers are digits, as in a query. */
    private final boolean textsOnly;

    private Parameters(Map<?, ?> given, boolean textsOnly, Set<String> known) {
        this.given = given;
        this.textsOnly = textsOnly;
        if (given.keySet().stream().anyMatch(name -> !known.contains(name))) {
            throw RefusedException.unsuitable(
                    known.isEmpty()
                            ? "This takes no parameters."
                            : "The parameters are: " + String.join(", ", new TreeSet<>(known))
                                    + ". Others are refused.");
        }
    }

    /** @throws RefusedException if there are others than the known ones */
    static Parameters ofQuery(Request request, String... known) {
        return new Parameters(request.query(), true, Set.of(known));
    }

    /** @throws RefusedException if the body is not a JSON object of the known members */
    static Parameters ofBody(Request request, String... known) {
        Object value = StoredValues.json(new String(request.body(), StandardCharsets.UTF_8));
        if (!(value instanceof Map<?, ?> members)) {
            throw RefusedException.unsuitable("The body must be a JSON object.");
        }
        return new Parameters(members, false, Set.of(known));
    }

    private @Nullable Object value(String name) {
        Object value = given.get(name);
        return "".equals(value) ? null : value;
    }

    /** A text of ordinary length. */
    @Nullable
    String text(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && text.length() <= LONGEST_TEXT) {
            return text;
        }
        throw RefusedException.malformed(name, name + " must be a text of up to " + LONGEST_TEXT + " characters.");
    }

    /** A label, such as a reason. */
    @Nullable
    String label(String name) {
        String text = text(name);
        if (text != null && !LABEL.matcher(text).matches()) {
            throw RefusedException.malformed(
                    name, name + " must be a name of small letters, digits and hyphens, such as invalid-ip.");
        }
        return text;
    }

    /** A count or an id, from 0. */
    @Nullable
    Long number(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (!textsOnly && value instanceof Long number && number >= 0) {
            return number;
        }
        if (textsOnly && value instanceof String digits && WHOLE.matcher(digits).matches()) {
            return Long.valueOf(digits);
        }
        throw RefusedException.malformed(name, name + " must be a whole number from 0.");
    }

    /** A number of rows, from 1. */
    int limit(String name, int fallback, int most) {
        long limit = Objects.requireNonNullElse(number(name), (long) fallback);
        if (limit < 1 || limit > most) {
            throw RefusedException.malformed(name, name + " must be from 1 to " + most + ".");
        }
        return (int) limit;
    }

    boolean isTrue(String name) {
        String text = text(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw RefusedException.malformed(name, name + " must be true or false.");
        }
        return "true".equals(text);
    }

    /** An instant; a day means its beginning in UTC. */
    @Nullable
    Instant time(String name) {
        String text = text(name);
        try {
            return text == null ? null : instant(text);
        } catch (DateTimeParseException malformed) {
            throw RefusedException.malformed(
                    name, name + " must be a time such as 2026-03-01T12:00:00Z, or a day such as 2026-03-01.");
        }
    }

    private static Instant instant(String text) {
        return text.indexOf('T') < 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }
}
