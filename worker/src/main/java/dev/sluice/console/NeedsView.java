package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.console.DoctorView.Examination;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.http.Request;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.metrics.Figures;
import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.State;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.QuarantineReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What needs a person, the most urgent first, and last what is as it should be. What cannot be read, because the database is
 * unavailable or the login may not, is left out: the state and the pages say so.
 */
final class NeedsView {

    /** The page asks every fifteen seconds, from every tab. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final int REASONS_NAMED = 4;

    private final Figures figures;
    private final QuarantineView quarantine;
    private final KeysView keys;
    private final DoctorView doctor;
    private final Supplier<List<String>> fieldSuspicions;
    private final Remembered<Stored> stored;

    /** @param fieldSuspicions sentences on fields that were probably renamed */
    NeedsView(
            Figures figures,
            QuarantineView quarantine,
            KeysView keys,
            DoctorView doctor,
            Supplier<List<String>> fieldSuspicions,
            InstantSource clock) {
        this.figures = figures;
        this.quarantine = quarantine;
        this.keys = keys;
        this.doctor = doctor;
        this.fieldSuspicions = fieldSuspicions;
        this.stored = new Remembered<>(FRESH, clock, this::readStored);
    }

    JsonLine needs(Request request, Caller caller) {
        Parameters.ofQuery(request);
        List<Need> needs = new ArrayList<>();
        Status status = figures.status();
        running(needs, status);
        // Nothing is asked of a database that does not answer.
        Stored read = status.state() == State.CIRCUIT_OPEN ? new Stored(sinceStart(status), false) : stored.get();
        needs.addAll(read.needs);
        // The settings show the pipeline, which names the fields that are read.
        fieldSuspicions.get().forEach(sentence -> needs.add(new Need("warn", sentence, "settings", 1)));
        doctor.lastProblems().ifPresent(problems -> examined(needs, problems));
        if (read.isWhole && isFlowing(status)) {
            needs.add(new Need("ok", "Queue and database answer, and the keys can be read", "doctor", 0));
        } else if (needs.isEmpty()) {
            needs.add(new Need("ok", "Nothing needs you", "doctor", 0));
        }
        return new JsonLine().put("items", needs.stream().map(Need::json).toList());
    }

    private static void running(List<Need> needs, Status status) {
        // Why is in the status, which every view shows.
        if (status.state() == State.CIRCUIT_OPEN) {
            needs.add(new Need("fail", "The circuit is open; messages wait in the queue", "doctor", 1));
        } else if (status.state() == State.QUEUE_UNREACHABLE) {
            needs.add(new Need("fail", "The queue cannot be reached", "doctor", 1));
        }
        Long dead = status.deadLetters();
        if (dead != null && dead > 0) {
            needs.add(new Need(
                    "warn",
                    dead + (dead == 1 ? " message is" : " messages are") + " in the dead-letter queue",
                    "overview",
                    dead));
        }
    }

    private static boolean isFlowing(Status status) {
        return status.state() == State.RUNNING || status.state() == State.IDLE;
    }

    private Stored readStored() {
        List<Need> needs = new ArrayList<>();
        try {
            quarantined(needs, quarantine.reasons());
            oldKeys(needs, keys.stillInUse());
            return new Stored(needs, true);
        } catch (InfrastructureException | KeysException | RefusedException unread) {
            // The page of the part says why.
            return new Stored(needs.isEmpty() ? sinceStart(figures.status()) : needs, false);
        }
    }

    private static void quarantined(List<Need> needs, List<QuarantineReason> reasons) {
        long total = QuarantineView.total(reasons);
        if (total == 0) {
            return;
        }
        String named = reasons.stream()
                .limit(REASONS_NAMED)
                .map(reason -> reason.reason() + (reason.column() == null ? "" : " " + reason.column()) + " ("
                        + reason.records() + ")")
                .collect(Collectors.joining(", "));
        needs.add(new Need(
                "warn",
                (total >= QuarantineView.COUNTED ? "at least " : "") + total + " quarantined: " + named
                        + (reasons.size() > REASONS_NAMED ? ", .." : ""),
                "quarantine",
                total));
    }

    /** What the worker itself has counted, for a login that may not read the quarantine. */
    private static List<Need> sinceStart(Status status) {
        long total = status.quarantinedByReason().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return total == 0
                ? List.of()
                : List.of(new Need("warn", total + " quarantined since the worker started", "quarantine", total));
    }

    private static void oldKeys(List<Need> needs, List<KeyInfo> inUse) {
        for (KeyInfo key : inUse) {
            needs.add(new Need(
                    "warn",
                    "Key " + key.hexId() + " of " + key.keyset() + " is not primary and rows still use it",
                    "keys",
                    1));
        }
    }

    private static void examined(List<Need> needs, Examination problems) {
        long failed = problems.findings().stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .count();
        if (!problems.findings().isEmpty()) {
            String subjects = problems.findings().stream()
                    .map(Finding::subject)
                    .distinct()
                    .limit(REASONS_NAMED)
                    .collect(Collectors.joining(", "));
            needs.add(new Need(
                    failed > 0 ? "fail" : "warn",
                    "Checks that did not pass: " + subjects,
                    "doctor",
                    problems.findings().size()));
        }
    }

    /** @param isWhole whether all of it could be read */
    private record Stored(List<Need> needs, boolean isWhole) {}

    /**
     * @param level fail, warn or ok
     * @param text a sentence without a full stop; holds no value
     * @param view the page that shows more
     */
    private record Need(String level, String text, String view, long count) {

        JsonLine json() {
            return new JsonLine()
                    .put("level", level)
                    .put("text", text)
                    .put("view", view)
                    .put("count", count);
        }
    }
}
