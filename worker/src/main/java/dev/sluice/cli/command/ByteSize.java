package dev.sluice.cli.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes, such as {@code 64MiB}. */
public record ByteSize(long bytes) {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(B|KiB|MiB|GiB)");

    private static final int KIBI = 1024;

    /** A positive whole number and a unit. */
    static ByteSize parse(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("a size such as 512KiB, 64MiB or 1GiB was expected");
        }
        long amount = Long.parseLong(matcher.group(1));
        return new ByteSize(
                switch (matcher.group(2)) {
                    case "B" -> amount;
                    case "KiB" -> amount * KIBI;
                    case "MiB" -> amount * KIBI * KIBI;
                    default -> amount * KIBI * KIBI * KIBI;
                });
    }

    /** For people: {@code 1.5 GiB}. */
    public static String text(long bytes) {
        if (bytes < KIBI) {
            return bytes + " bytes";
        }
        double amount = bytes;
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
        int unit = 0;
        while (amount >= KIBI && unit < units.length - 1) {
            amount /= KIBI;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, units[unit]);
    }
}
