package dev.sluice.cli.pipeline;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Color;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.config.Setting;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.TestResult;
import dev.sluice.mapping.TestResult.Difference;
import dev.sluice.mapping.TestedPipeline;
import dev.sluice.output.JsonLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice pipeline test}. Masks with keys that are thrown away, as {@code sluice check} does. */
@Command(
        name = "test",
        header = "Runs the tests that pipeline files contain.",
        description = {
            "A test is a message and the row or rejection that it becomes; docs/pipelines.md shows how to write one. No"
                    + " queue, database or keys are needed. Values are shown of columns without a mask only.",
            "",
            "Exits with 65 if a test fails, and with 78 if a file is invalid; then no test is run."
        },
        footer = {"Examples:", "  sluice pipeline test my.yaml", "  sluice pipeline test pipelines/*.yaml"})
@CommandHelp(uses = Part.PIPELINE)
final class PipelineTestCommand extends CliCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Pipeline files; the configured one without any.")
    List<String> pipelines = List.of();

    private int passed;
    private int failed;

    @Override
    public Integer call() {
        Map<String, TestedPipeline> files = new LinkedHashMap<>();
        for (String file : pipelines.isEmpty() ? configured() : pipelines) {
            files.put(file, Pipelines.loadTested(file, console().environment()));
        }
        files.forEach(this::run);
        print(new JsonLine().put("tests", passed + failed).put("failed", failed), summary());
        return failed == 0 ? ExitCode.DONE : ExitCode.DATA;
    }

    private List<String> configured() {
        return List.of(Objects.requireNonNull(program().settings().text(Setting.PIPELINE)));
    }

    private void run(String file, TestedPipeline pipeline) {
        List<TestResult> results = pipeline.run(Keysets.ephemeral(Assembly.requiredKeys(pipeline.spec())));
        if (results.isEmpty() && !json()) {
            out().println(file + " has no tests");
        }
        results.forEach(result -> print(file, result));
    }

    private void print(String file, TestResult result) {
        passed += result.passed() ? 1 : 0;
        failed += result.passed() ? 0 : 1;
        if (json()) {
            out().println(new JsonLine()
                    .put("file", file)
                    .put("test", result.name())
                    .put("passed", result.passed())
                    .put(
                            "differences",
                            result.differences().stream()
                                    .map(PipelineTestCommand::json)
                                    .toList()));
            return;
        }
        Color color = result.passed() ? Color.GREEN : Color.RED;
        color.print(out(), program().color(), result.passed() ? "ok    " : "FAILED");
        out().println("  " + file + ": " + result.name());
        result.differences().forEach(difference -> out().println("        " + text(difference)));
    }

    private static JsonLine json(Difference difference) {
        return new JsonLine()
                .put("record", difference.record())
                .put("column", difference.column())
                .put("expected", difference.expected())
                .put("actual", difference.actual());
    }

    private static String text(Difference difference) {
        String record = difference.record() == null ? "" : "record " + difference.record() + ": ";
        String column = difference.column() == null ? "" : difference.column() + ": ";
        return record + column + "expected " + difference.expected() + ", was " + difference.actual();
    }

    private String summary() {
        return failed == 0
                ? Counted.of(passed, "test") + " passed"
                : failed + " of " + Counted.of(passed + failed, "test") + " failed";
    }
}
