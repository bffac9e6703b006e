package dev.sluice.cli;

import dev.sluice.app.Doctor;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sluice doctor}. */
@Command(
        name = "doctor",
        header = "Checks everything a run needs, and changes nothing.",
        description = {
            "",
            "Pipeline and keys, credentials, queue and its settings, rights, database, TLS, schema, table, clocks. Each",
            "line says pass, warn or fail, with the remedy. Exit 0 only if a run would work; else 78 for configuration,",
            "77 for permissions, 69 when the queue or the database does not answer (the first of these that applies).",
            ""
        })
final class DoctorCommand implements Callable<Integer> {

    /** Which failure decides on the exit code: what only a person can mend comes first. */
    private static final List<Kind> BY_WEIGHT = List.of(Kind.CONFIG, Kind.NOT_PERMITTED, Kind.TRANSIENT, Kind.FATAL);

    @ParentCommand
    Sluice sluice;

    @Override
    public Integer call() {
        List<Finding> findings = new Doctor(sluice.assembly()).examine();
        findings.forEach(finding -> sluice.console().out().println(sluice.json() ? json(finding) : text(finding)));
        List<Kind> failures = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(Finding::kind)
                .toList();
        return BY_WEIGHT.stream()
                .filter(failures::contains)
                .findFirst()
                .map(ExitCode::of)
                .orElse(ExitCode.DONE);
    }

    private static String text(Finding finding) {
        return String.format(Locale.ROOT, "%-4s  %-26s  %s", label(finding), finding.subject(), finding.message());
    }

    private static String json(Finding finding) {
        return new JsonLine()
                .put("verdict", label(finding))
                .put("subject", finding.subject())
                .put("message", finding.message())
                .toString();
    }

    private static String label(Finding finding) {
        return finding.verdict().name().toLowerCase(Locale.ROOT);
    }
}
