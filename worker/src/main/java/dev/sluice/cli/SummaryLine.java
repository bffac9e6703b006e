package dev.sluice.cli;

import dev.sluice.pipeline.Counters.Summary;
import java.util.Locale;

/** Prints a run's balance: the last line of {@code run} and {@code demo}. */
final class SummaryLine {

    private static final double MILLIS = 1_000.0;

    private SummaryLine() {}

    static String text(Summary balance) {
        return String.format(
                Locale.ROOT,
                "received %d = stored %d + duplicates %d + quarantined %d + released %d, in %.1f s",
                balance.received(),
                balance.stored(),
                balance.duplicates(),
                balance.quarantined(),
                balance.released(),
                balance.elapsed().toMillis() / MILLIS);
    }

    static String json(Summary balance) {
        return new JsonLine()
                .put("received", balance.received())
                .put("stored", balance.stored())
                .put("duplicates", balance.duplicates())
                .put("quarantined", balance.quarantined())
                .put("released", balance.released())
                .put("seconds", balance.elapsed().toMillis() / MILLIS)
                .toString();
    }
}
