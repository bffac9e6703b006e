package dev.sluice.mapping;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules for dates and times. Methods return a value or a {@link Reason}, as one {@link Object}. */
final class Times {

    /** RFC 3339, section 5.6, with a fraction of any length; {@code T} and {@code Z} of either case. */
    private static final Pattern TIMESTAMP = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]"
                    + "([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]+))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))");

    private static final Pattern DATE = Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})");

    /** PostgreSQL keeps microseconds. */
    private static final int MICRO_DIGITS = 6;

    private static final int MONTHS = 12;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    private static final int MAX_OFFSET_SECONDS = 18 * 3600;

    private Times() {}

    /** A text {@code yyyy-mm-dd}, years 1 to 9999, as {@link LocalDate}. */
    static Object date(String text) {
        Matcher matcher = DATE.matcher(text);
        if (!matcher.matches()) {
            return Reason.INVALID_DATE;
        }
        int year = Integer.parseInt(matcher.group(1));
        int month = Integer.parseInt(matcher.group(2));
        int day = Integer.parseInt(matcher.group(3));
        boolean exists = year >= 1
                && month >= 1
                && month <= MONTHS
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
        return exists ? LocalDate.of(year, month, day) : Reason.INVALID_DATE;
    }

    /** A text of RFC 3339 as {@link Instant}; rejected if it is finer than a microsecond, which would be truncated. */
    static Object timestamp(String text) {
        Matcher matcher = TIMESTAMP.matcher(text);
        if (!matcher.matches() || !(date(matcher.group(1)) instanceof LocalDate date)) {
            return Reason.INVALID_TIMESTAMP;
        }
        int nanos = nanos(matcher.group(5));
        int offsetSeconds = offsetSeconds(matcher);
        if (nanos < 0 || Math.abs(offsetSeconds) > MAX_OFFSET_SECONDS) {
            return Reason.INVALID_TIMESTAMP;
        }
        LocalTime time = LocalTime.of(number(matcher, 2), number(matcher, 3), number(matcher, 4), nanos);
        return inRange(OffsetDateTime.of(date, time, ZoneOffset.ofTotalSeconds(offsetSeconds))
                .toInstant());
    }

    /** Seconds since the epoch, from a JSON whole number, as {@link Instant}. */
    static Object epochSeconds(String text) {
        return Numbers.bigint(text) instanceof Long seconds
                        && seconds >= FIRST.getEpochSecond()
                        && seconds < END.getEpochSecond()
                ? Instant.ofEpochSecond(seconds)
                : Reason.OUT_OF_RANGE;
    }

    /** Milliseconds since the epoch, from a JSON whole number, as {@link Instant}. */
    static Object epochMillis(String text) {
        return Numbers.bigint(text) instanceof Long millis
                ? inRange(Instant.ofEpochMilli(millis))
                : Reason.OUT_OF_RANGE;
    }

    private static Object inRange(Instant instant) {
        return instant.isBefore(FIRST) || !instant.isBefore(END) ? Reason.OUT_OF_RANGE : instant;
    }

    /** The fraction as nanoseconds; -1 if it is finer than a microsecond. */
    private static int nanos(@Nullable String fraction) {
        if (fraction == null) {
            return 0;
        }
        String kept = fraction.length() > MICRO_DIGITS ? fraction.substring(0, MICRO_DIGITS) : fraction;
        boolean cut = !fraction.substring(kept.length()).chars().allMatch(digit -> digit == '0');
        return cut ? -1 : Integer.parseInt((kept + "000000000").substring(0, 9));
    }

    private static int offsetSeconds(Matcher matcher) {
        String sign = matcher.group(6);
        if (sign == null) {
            return 0;
        }
        int seconds = number(matcher, 7) * 3600 + number(matcher, 8) * 60;
        return sign.equals("-") ? -seconds : seconds;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
