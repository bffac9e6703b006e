package dev.sluice.cli.command;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import dev.sluice.encoding.Labelled;
import dev.sluice.mapping.Reason;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads options that are neither text nor numbers. What is refused is not quoted. */
public final class Converters {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");

    private Converters() {}

    /** Makes every command use these converters. */
    public static void register(CommandLine program) {
        program.registerConverter(Duration.class, Converters::duration);
        program.registerConverter(ByteSize.class, ByteSize::parse);
        program.registerConverter(Cron.class, Converters::cron);
        program.registerConverter(Instant.class, Converters::time);
        program.registerConverter(Reason.class, Converters::reason);
    }

    /** {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d}: a positive whole number and a unit. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("a duration such as 30s, 10m, 2h or 1d was expected");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** As {@link #time(String, Clock)}, by the system's clock. */
    public static Instant time(String text) {
        return time(text, Clock.systemUTC());
    }

    /** A point in time with an offset, a day (its begin in UTC), or a {@link #duration} ago. */
    static Instant time(String text, Clock clock) {
        if (DURATION.matcher(text).matches()) {
            return clock.instant().minus(duration(text));
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException("a time with Z or an offset such as 2026-03-01T12:00:00Z, a day such as"
                    + " 2026-03-01, or a duration such as 2h was expected");
        }
    }

    /** A rejection reason by its label. */
    static Reason reason(String text) {
        return Labelled.find(Reason.values(), text)
                .orElseThrow(() -> new TypeConversionException("one of "
                        + Arrays.stream(Reason.values()).map(Reason::label).collect(Collectors.joining(", "))
                        + " was expected"));
    }

    /** A cron expression of five fields, as in crontab(5). */
    static Cron cron(String text) {
        try {
            return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                    .parse(text)
                    .validate();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "a cron expression of five fields (minute hour day month weekday) was expected, such as \"0 2 * * *\"");
        }
    }
}
