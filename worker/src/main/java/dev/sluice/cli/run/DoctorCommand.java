package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.app.Doctor;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Color;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Paragraph;
import dev.sluice.cli.command.PersonalDataOption;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.output.JsonLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice doctor}. */
@Command(
        name = "doctor",
        header = "Checks everything that a run needs, and changes nothing.",
        description = {
            "Checks pipeline and keys, credentials, the queue and its settings, permissions, database, TLS, schema, table"
                    + " and clocks, and up to 1,000 rows of the table for personal data that nobody masked. Each line says pass, warn or fail, and what to do.",
            "",
            "Exits with 0 only if a run would work; otherwise with 78 for configuration, 77 for permissions, or 69 if the"
                    + " queue or the database does not answer, whichever comes first in this order."
        })
public final class DoctorCommand extends CliCommand implements Callable<Integer> {

    /** Which failure decides the exit code: those that only a person can fix come first. */
    private static final List<Kind> BY_WEIGHT = List.of(Kind.CONFIG, Kind.NOT_PERMITTED, Kind.TRANSIENT, Kind.FATAL);

    /** Where messages begin, after verdict and subject. */
    private static final int INDENT = 34;

    @Mixin
    PersonalDataOption personalData;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        List<Finding> findings = new ArrayList<>(new Doctor(assembly, personalData.isOn()).examine());
        findings.addAll(RunFindings.failures(assembly.settings(), true));
        findings.forEach(this::print);
        int exitCode = exitCode(findings);
        if (!json()) {
            out().println(summary(findings, exitCode == ExitCode.DONE));
        }
        return exitCode;
    }

    /** The exit code of checks: that of the failure which a person has to fix first. */
    public static int exitCode(List<Finding> findings) {
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

    /** For people; a program counts the verdicts itself. */
    static String summary(List<Finding> findings, boolean works) {
        Map<Verdict, Long> counts =
                findings.stream().collect(Collectors.groupingBy(Finding::verdict, Collectors.counting()));
        return counts.getOrDefault(Verdict.PASS, 0L) + " pass, " + counts.getOrDefault(Verdict.WARN, 0L) + " warn, "
                + counts.getOrDefault(Verdict.FAIL, 0L) + " fail: a run would " + (works ? "work" : "not work");
    }

    private void print(Finding finding) {
        String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
        if (json()) {
            out().println(new JsonLine()
                    .put("verdict", verdict)
                    .put("subject", finding.subject())
                    .put("message", finding.message()));
            return;
        }
        color(finding.verdict()).print(out(), program().color(), String.format(Locale.ROOT, "%-4s", verdict));
        out().print(String.format(Locale.ROOT, "  %-26s  ", finding.subject()));
        Paragraph.lines(finding.message(), INDENT, program().tableWidth()).forEach(out()::println);
    }

    private static Color color(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Color.GREEN;
            case WARN -> Color.YELLOW;
            case FAIL -> Color.RED;
        };
    }
}
