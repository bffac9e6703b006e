package dev.sluice.cli.command;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Reads options that are neither text nor numbers. What is refused is not quoted. */
public final class Converters {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");

    private Converters() {}

    /** Makes every command use these converters. */
    public static void register(CommandLine program) {
        program.registerConverter(Duration.class, Converters::duration);
        program.registerConverter(Cron.class, Converters::cron);
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
