package dev.sluice.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a progress line says.
 *
 * @param unit what is counted, in the plural
 * @param done how many are done
 * @param total how many there are; null if that is not known
 * @param share the part that is done, 0 to 1; null if that is not known
 * @param perSecond how many are done per second; null if that is not known yet
 * @param left how long the rest takes at this rate; null if that is not known
 */
record ProgressLine(
        String unit,
        long done,
        @Nullable Long total,
        @Nullable Double share,
        @Nullable Double perSecond,
        @Nullable Duration left) {

    private static final int MIN_BAR = 10;
    private static final int MAX_BAR = 30;
    private static final int SECONDS_PER_MINUTE = 60;

    /** @param width the most that it may take, in characters; what does not fit is left out, from the right */
    String text(int width) {
        StringBuilder text = new StringBuilder();
        for (String part : parts()) {
            if (text.length() + part.length() > width) {
                break;
            }
            text.append(part);
        }
        int room = width - text.length() - "[] ".length();
        return share == null || room < MIN_BAR ? text.toString() : bar(share, Math.min(MAX_BAR, room)) + text;
    }

    private List<String> parts() {
        return List.of(
                number(done) + (total == null ? "" : " of " + number(total)) + " " + unit,
                share == null ? "" : String.format(Locale.ROOT, ", %.0f %%", Math.floor(100 * share)),
                perSecond == null ? "" : ", " + rate(perSecond) + "/s",
                left == null ? "" : ", " + time(left) + " left");
    }

    private static String bar(double share, int width) {
        int full = (int) (share * width);
        return "[" + "=".repeat(full) + " ".repeat(width - full) + "] ";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String rate(double perSecond) {
        return perSecond < 10 ? String.format(Locale.ROOT, "%.1f", perSecond) : number(Math.round(perSecond));
    }

    private static String time(Duration left) {
        long seconds = left.toSeconds();
        long minutes = left.toMinutes();
        return minutes < SECONDS_PER_MINUTE
                ? String.format(Locale.ROOT, "%d:%02d", minutes, seconds % SECONDS_PER_MINUTE)
                : String.format(Locale.ROOT, "%d h %02d min", left.toHours(), minutes % SECONDS_PER_MINUTE);
    }
}
