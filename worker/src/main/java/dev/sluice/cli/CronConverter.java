package dev.sluice.cli;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a cron expression of five fields, as crontab(5) has them. */
final class CronConverter implements ITypeConverter<Cron> {

    @Override
    public Cron convert(String text) {
        try {
            return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                    .parse(text)
                    .validate();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "a cron expression of five fields (minute hour day month weekday) was expected, as \"0 2 * * *\"");
        }
    }
}
