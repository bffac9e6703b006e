package dev.sluice.cli.run;

import dev.sluice.app.Doctor;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.PersonalDataOption;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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

    @Mixin
    PersonalDataOption personalData;

    @Override
    public Integer call() {
        List<Finding> findings = new Doctor(assembly(), personalData.isOn()).examine();
        findings.forEach(this::print);
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

    private void print(Finding finding) {
        String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
        print(
                new JsonLine()
                        .put("verdict", verdict)
                        .put("subject", finding.subject())
                        .put("message", finding.message()),
                String.format(Locale.ROOT, "%-4s  %-26s  %s", verdict, finding.subject(), finding.message()));
    }
}
