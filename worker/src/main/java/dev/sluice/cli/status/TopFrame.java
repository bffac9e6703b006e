package dev.sluice.cli.status;

import dev.sluice.cli.command.Color;
import dev.sluice.cli.command.Paragraph;
import dev.sluice.cli.status.WatchedWorker.Seen;
import dev.sluice.metrics.Status;
import dev.sluice.output.TerminalText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One picture of {@code sluice top}: no line is wider than the terminal, and there are no more lines than it has. Names that
 * others chose are escaped. Used by one thread.
 */
final class TopFrame {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /** A reason is a sentence or two; the rest is in the log. */
    private static final int MAX_STATE_LINES = 3;

    /** A minute. */
    private static final int BARS_STEP = 12;

    private static final int MAX_BARS = 60;
    private static final int NAME = 26;
    private static final String WORKER = "%-" + NAME + "s  %-17s  %9s  %9s  %9s";

    private final int width;
    private final int height;
    private final boolean color;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param width of the terminal, in columns; the last one stays free
     * @param color whether colours are wanted
     */
    TopFrame(int width, int height, boolean color) {
        this.width = width - 1;
        this.height = height;
        this.color = color;
    }

    /**
     * @param workers at least one
     * @param rates of all workers together
     * @param nanos now, by {@link System#nanoTime()}
     * @param now the time of day
     */
    List<String> lines(List<WatchedWorker> workers, RateHistory rates, long nanos, Instant now) {
        List<Seen> seen = workers.stream().map(WatchedWorker::seen).toList();
        Status status = total(seen);
        boolean isOld = seen.stream().allMatch(one -> one.fault() != null);
        header(status, workers, now);
        if (isOld) {
            state(fault(seen, nanos), Color.RED);
        }
        if (status != null) {
            figures(status, rates, nanos, isOld);
        }
        if (workers.size() > 1) {
            table(workers, seen, nanos);
        }
        if (lines.size() < height - 1) {
            add("", null, false);
            add("q quits", null, true);
        }
        return List.copyOf(lines.subList(0, Math.min(height, lines.size())));
    }

    /** Of those that answer; when none does, what they said last. Null before any has said anything. */
    static @Nullable Status total(List<Seen> seen) {
        List<Status> fresh =
                statuses(seen.stream().filter(one -> one.fault() == null).toList());
        List<Status> known = fresh.isEmpty() ? statuses(seen) : fresh;
        return known.isEmpty() ? null : Totals.of(known);
    }

    private static List<Status> statuses(List<Seen> seen) {
        return seen.stream().map(Seen::status).filter(Objects::nonNull).toList();
    }

    private void header(@Nullable Status status, List<WatchedWorker> workers, Instant now) {
        String what = status == null ? workers.getFirst().address().page().toString() : StatusLines.route(status);
        String clock = CLOCK.format(now);
        String left = clipped("sluice top  " + TerminalText.escape(what), width - clock.length() - 2);
        add(left + " ".repeat(Math.max(1, width - length(left) - clock.length())) + clock, null, false);
        add("", null, false);
    }

    /** Of one worker its fault; of several that none answers. */
    private static String fault(List<Seen> seen, long nanos) {
        Seen latest = seen.stream()
                .max((a, b) -> Long.compare(a.atNanos(), b.atNanos()))
                .orElseThrow();
        String text = seen.size() == 1 ? "no answer: " + latest.fault() : "none of " + seen.size() + " workers answers";
        return text
                + (latest.status() == null
                        ? ""
                        : ". The figures are " + Amounts.span(Duration.ofNanos(nanos - latest.atNanos())) + " old")
                + ". Trying again";
    }

    private void figures(Status status, RateHistory rates, long nanos, boolean isOld) {
        for (StatusLine line : StatusLines.of(status)) {
            if (line.label().equals("state")) {
                if (!isOld) {
                    state(line.text(), line.color());
                }
            } else {
                add(line.paddedLabel() + TerminalText.escape(line.text()), isOld ? null : line.color(), isOld);
            }
            if (line.label().equals("per second")) {
                bars(rates, nanos, isOld);
            }
        }
    }

    private void state(String text, @Nullable Color tone) {
        String label = StatusLine.plain("state", "").paddedLabel();
        List<String> paragraph = Paragraph.lines(label + TerminalText.escape(text), 0, width);
        List<String> wrapped = Paragraph.lines(TerminalText.escape(text), StatusLine.INDENT, width);
        for (int i = 0; i < Math.min(MAX_STATE_LINES, paragraph.size()); i++) {
            add((i == 0 ? label : "") + wrapped.get(i), tone, false);
        }
    }

    private void bars(RateHistory rates, long nanos, boolean isOld) {
        int room = width - StatusLine.INDENT - " max 1,000,000".length();
        int bars = Math.clamp(room / BARS_STEP, 1, MAX_BARS / BARS_STEP) * BARS_STEP;
        String minutes = bars / BARS_STEP + " min";
        add(
                StatusLine.plain(minutes, "").paddedLabel() + rates.bars(nanos, bars) + " max "
                        + Amounts.rate(rates.highest(nanos, bars)),
                null,
                isOld);
    }

    private void table(List<WatchedWorker> workers, List<Seen> seen, long nanos) {
        add("", null, false);
        add(row("worker", "state", "stored/s", "age p99", "in flight"), null, true);
        for (int i = 0; i < workers.size(); i++) {
            String name = clipped(workers.get(i).address().label(), NAME);
            Status status = seen.get(i).status();
            String fault = seen.get(i).fault();
            if (fault != null || status == null) {
                String age = status == null
                        ? ""
                        : " for "
                                + Amounts.span(
                                        Duration.ofNanos(nanos - seen.get(i).atNanos()));
                add(String.format(Locale.ROOT, "%-" + NAME + "s  no answer%s: %s", name, age, fault), Color.RED, false);
            } else {
                add(
                        row(
                                name,
                                StatusLines.label(status.state()),
                                Amounts.rate(status.perSecond().stored()),
                                Amounts.time(status.eventAge().p99()),
                                Amounts.count(status.inFlight().records())),
                        StatusLines.color(status.state()),
                        false);
            }
        }
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, WORKER, (Object[]) cells);
    }

    private void add(String text, @Nullable Color tone, boolean faint) {
        String line = clipped(text, width);
        if (color && tone != null) {
            lines.add(tone.around(line));
        } else {
            lines.add(color && faint ? FAINT + line + PLAIN : line);
        }
    }

    private static String clipped(String text, int width) {
        return length(text) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
