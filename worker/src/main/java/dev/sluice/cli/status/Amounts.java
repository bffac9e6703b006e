package dev.sluice.cli.status;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them: with a unit, and with no more digits than matter. Stateless. */
final class Amounts {

    /** For what is not known, or was not measured. */
    static final String UNKNOWN = "-";

    private static final double MILLIS = 1e3;
    private static final double MICROS = 1e6;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final double KIBI = 1024;
    private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Amounts() {}

    /** 1,204. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** 0, 0.04, 1.5, 412, 12,300: as many digits as tell a slow rate from none. */
    static String rate(double perSecond) {
        if (perSecond == 0) {
            return "0";
        }
        if (perSecond < 1) {
            return perSecond < 0.01 ? "<0.01" : String.format(Locale.ROOT, "%.2f", perSecond);
        }
        return perSecond < 10 ? String.format(Locale.ROOT, "%.1f", perSecond) : count(Math.round(perSecond));
    }

    /** A measured time: 2 µs, 11 ms, 1.2 s, 4 min 3 s. */
    static String time(@Nullable Double seconds) {
        if (seconds == null) {
            return UNKNOWN;
        }
        if (seconds < 1 / MILLIS) {
            return Math.round(seconds * MICROS) + " µs";
        }
        if (seconds < 1) {
            return Math.round(seconds * MILLIS) + " ms";
        }
        return seconds < 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : span(Duration.ofSeconds(Math.round(seconds)));
    }

    /** How long something lasts: 12 s, 4 min 3 s, 3 h 4 min, 3 d 4 h. Clocks may differ a little: never less than 0 s. */
    static String span(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min " + seconds % MINUTE + " s";
        }
        return seconds < DAY
                ? seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min"
                : seconds / DAY + " d " + seconds % DAY / HOUR + " h";
    }

    /** 512 bytes, 1.2 MiB. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = -1;
        while (amount >= KIBI && unit < BINARY.length - 1) {
            amount /= KIBI;
            unit++;
        }
        return unit < 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", amount, BINARY[unit]);
    }
}
