package dev.sluice.cli.status;

import dev.sluice.cli.command.Color;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.Quantiles;
import dev.sluice.metrics.Status.QueueDepth;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code sluice status} and {@code sluice top} say of a worker, the most urgent first. Times are told by the worker's
 * own clock. Stateless.
 */
final class StatusLines {

    static final Quantiles NOT_MEASURED = new Quantiles(null, null);

    private StatusLines() {}

    /** What it moves from where to where. */
    static String route(Status status) {
        return status.pipeline() + "  " + status.queue() + " -> " + status.table();
    }

    /** Ages, stages and their quantiles are those of the last minute. */
    static List<StatusLine> of(Status status) {
        List<StatusLine> lines = new ArrayList<>();
        lines.add(new StatusLine("state", state(status), color(status.state())));
        lines.add(StatusLine.plain("per second", rates(status)));
        lines.add(StatusLine.plain("age", quantiles(status.eventAge())));
        lines.add(StatusLine.plain("backlog", backlog(status)));
        lines.add(StatusLine.plain("in flight", inFlight(status)));
        lines.add(quarantine(status.quarantinedByReason()));
        if (status.deadLetters() != null) {
            lines.add(new StatusLine(
                    "dead letters",
                    Amounts.count(status.deadLetters()),
                    status.deadLetters() == 0 ? null : Color.YELLOW));
        }
        lines.add(StatusLine.plain("stages", stages(status)));
        lines.add(StatusLine.plain("since start", records(status)));
        lines.add(StatusLine.plain("last commit", lastCommit(status)));
        return List.copyOf(lines);
    }

    /** One line for a log. */
    static String summary(Status status) {
        QueueDepth depth = status.queueDepth();
        return label(status.state()) + ", stored "
                + Amounts.rate(status.perSecond().stored()) + "/s, age p99 "
                + Amounts.time(status.eventAge().p99()) + ", waiting "
                + (depth == null ? Amounts.UNKNOWN : Amounts.count(depth.visible())) + ", in flight "
                + Amounts.count(status.inFlight().records()) + ", quarantined "
                + Amounts.count(status.records().quarantined());
    }

    static String label(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static Color color(State state) {
        return switch (state) {
            case RUNNING, IDLE -> Color.GREEN;
            case STARTING, DRAINING -> Color.YELLOW;
            case CIRCUIT_OPEN, QUEUE_UNREACHABLE -> Color.RED;
        };
    }

    private static String state(Status status) {
        String text = label(status.state()) + " for " + Amounts.span(Duration.between(status.since(), status.now()));
        Instant next = status.nextTryAt();
        String retry = next == null ? "" : ", next try in " + Amounts.span(Duration.between(status.now(), next));
        return text + retry + (status.because() == null ? "" : ": " + status.because());
    }

    private static String rates(Status status) {
        Status.Rates rates = status.perSecond();
        return outcomes(
                Amounts.rate(rates.stored()),
                Amounts.rate(rates.duplicate()),
                Amounts.rate(rates.quarantined()),
                Amounts.rate(rates.released()));
    }

    private static String records(Status status) {
        Status.Outcomes records = status.records();
        return outcomes(
                Amounts.count(records.stored()),
                Amounts.count(records.duplicate()),
                Amounts.count(records.quarantined()),
                Amounts.count(records.released()));
    }

    private static String outcomes(String stored, String duplicate, String quarantined, String released) {
        return "stored " + stored + ", duplicate " + duplicate + ", quarantined " + quarantined + ", released "
                + released;
    }

    private static String quantiles(Quantiles quantiles) {
        return "p50 " + Amounts.time(quantiles.p50()) + ", p99 " + Amounts.time(quantiles.p99());
    }

    private static String backlog(Status status) {
        QueueDepth depth = status.queueDepth();
        if (depth == null) {
            return "not read yet";
        }
        String oldest =
                depth.oldestAgeSeconds() == null ? "" : ", oldest received " + Amounts.time(depth.oldestAgeSeconds());
        return Amounts.count(depth.visible()) + " waiting" + oldest + ", delayed " + Amounts.count(depth.delayed())
                + ", read " + Amounts.span(Duration.between(depth.readAt(), status.now())) + " ago";
    }

    private static String inFlight(Status status) {
        return Amounts.count(status.inFlight().records()) + " records, "
                + Amounts.bytes(status.inFlight().bytes()) + ", connections "
                + status.pool().active() + " of " + status.pool().max();
    }

    private static StatusLine quarantine(Map<String, Long> byReason) {
        String reasons = byReason.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> reason.getKey() + " " + Amounts.count(reason.getValue()))
                .collect(Collectors.joining(", "));
        return reasons.isEmpty()
                ? StatusLine.plain("quarantine", "nothing since the start")
                : new StatusLine("quarantine", reasons, Color.YELLOW);
    }

    /** The medians: the 99th percentiles are in the document. */
    private static String stages(Status status) {
        return Arrays.stream(Stage.values())
                .map(stage -> stage.name().toLowerCase(Locale.ROOT) + " "
                        + Amounts.time(status.stages()
                                .getOrDefault(stage, NOT_MEASURED)
                                .p50()))
                .collect(Collectors.joining(", "));
    }

    private static String lastCommit(Status status) {
        Instant at = status.lastCommitAt();
        return at == null
                ? "none yet"
                : at.truncatedTo(ChronoUnit.SECONDS) + ", " + Amounts.span(Duration.between(at, status.now())) + " ago";
    }
}
