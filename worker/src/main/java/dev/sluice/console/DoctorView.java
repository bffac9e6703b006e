package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.app.Assembly;
import dev.sluice.app.Doctor;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.http.Request;
import dev.sluice.output.JsonLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks of {@code sluice doctor}, with the worker's logins: one examination at a time, and not one after another. */
final class DoctorView {

    /** Whoever asks again sooner gets the same result. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Assembly assembly;
    private final InstantSource clock;
    private final LongWork<Examination> examinations =
            new LongWork<>("console-doctor", "The checks are still running. Ask again in a few seconds.");
    private volatile @Nullable Examination last;

    DoctorView(Assembly assembly, InstantSource clock) {
        this.assembly = assembly;
        this.clock = clock;
    }

    JsonLine examine(Request request, Caller caller) {
        Parameters.ofBody(request);
        Examination known = last;
        boolean fresh = known != null && clock.instant().isBefore(known.at.plus(FRESH));
        return json(fresh && known != null ? known : examinations.runOrJoin(this::examine));
    }

    private Examination examine() {
        List<Finding> findings = new Doctor(assembly, true).examine();
        Examination done = new Examination(clock.instant(), findings);
        last = done;
        return done;
    }

    /** What did not pass when the checks ran last; empty when they have not run. */
    Optional<Examination> lastProblems() {
        return Optional.ofNullable(last).map(Examination::problems);
    }

    private static JsonLine json(Examination examination) {
        return new JsonLine()
                .put("at", examination.at)
                .put(
                        "checks",
                        examination.findings.stream().map(DoctorView::json).toList());
    }

    private static JsonLine json(Finding finding) {
        return new JsonLine()
                .put("name", finding.subject())
                .put("result", finding.verdict().name().toLowerCase(Locale.ROOT))
                .put("text", finding.message());
    }

    /** @param at when it ended */
    record Examination(Instant at, List<Finding> findings) {

        private Examination problems() {
            return new Examination(
                    at,
                    findings.stream()
                            .filter(finding -> finding.verdict() != Verdict.PASS)
                            .toList());
        }
    }
}
