package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.app.Doctor;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.run.DoctorCommand;
import dev.sluice.cli.run.RunFindings;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.mapping.Pipelines;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.yaml.InvalidDocumentException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice config validate}. */
@Command(
        name = "validate",
        header = "Checks settings file, environment and pipeline, and reports all problems.",
        description = {
            "Each problem names the setting with its file, line and column, or with the environment variable that sets it."
                    + " Nothing is called over the network: secrets that AWS keeps are not fetched, unless --connect is given.",
            "",
            "Exits with 78 if anything is invalid; with --connect also with 77 for permissions, or 69 if the queue or the"
                    + " database does not answer."
        },
        footer = {
            "Examples:",
            "  sluice config validate sluice.yaml",
            "  sluice config validate sluice.yaml --connect --output json"
        })
final class ConfigValidateCommand extends CliCommand implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Settings file, instead of --config.")
    @Nullable
    Path file;

    @Option(
            names = "--connect",
            description = "Also fetch secrets, and check queue and database as sluice doctor does.")
    boolean connect;

    @Override
    public Integer call() {
        Sluice sluice = (Sluice) program();
        Map<String, String> environment = console().environment();
        SettingsReader.Check check = SettingsReader.check(sluice.flags(), settingsFile(sluice), environment);
        List<String> problems = new ArrayList<>(check.problems());
        problems.addAll(ofPipeline(check.pipeline(), environment));
        int exitCode = ExitCode.CONFIG;
        if (problems.isEmpty()) {
            List<Finding> findings = findings(check.settings().orElseThrow());
            failures(findings).forEach(problems::add);
            exitCode = DoctorCommand.exitCode(findings);
        }
        print(check.pipeline(), problems, UnknownVariables.warnings(environment.keySet()));
        return exitCode;
    }

    private @Nullable Path settingsFile(Sluice sluice) {
        if (file != null && sluice.config != null) {
            throw usageError("the settings file is given twice, as FILE and by --config; leave one out");
        }
        return file != null ? file : sluice.settingsFile();
    }

    private static List<String> ofPipeline(String pipeline, Map<String, String> environment) {
        try {
            Pipelines.load(pipeline, environment);
            return List.of();
        } catch (InvalidDocumentException e) {
            return e.problems().stream()
                    .map(problem -> pipeline + ":" + problem)
                    .toList();
        } catch (PipelineNotFoundException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private List<Finding> findings(Settings settings) {
        if (!connect) {
            return RunFindings.failures(settings, false);
        }
        Assembly assembly = new Assembly(settings);
        List<Finding> findings = new ArrayList<>(RunFindings.failures(assembly.settings(), true));
        findings.addAll(new Doctor(assembly, false).examineConnections());
        return findings;
    }

    private static Stream<String> failures(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(finding -> finding.subject() + ": " + finding.message());
    }

    private void print(String pipeline, List<String> problems, List<String> warnings) {
        if (json()) {
            out().println(new JsonLine()
                    .put("valid", problems.isEmpty())
                    .put("pipeline", pipeline)
                    .put("problems", problems)
                    .put("warnings", warnings));
            return;
        }
        warnings.forEach(this::report);
        if (problems.isEmpty()) {
            out().println("valid: settings, and pipeline " + TerminalText.escape(pipeline));
        } else {
            report(Counted.of(problems.size(), "problem"));
            problems.forEach(problem -> err().println("  " + TerminalText.escape(problem)));
        }
    }
}
