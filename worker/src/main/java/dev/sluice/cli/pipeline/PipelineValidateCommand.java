package dev.sluice.cli.pipeline;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.PrintableStream;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.yaml.InvalidDocumentException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice pipeline validate}. */
@Command(
        name = "validate",
        aliases = "lint",
        header = "Checks pipeline files, and reports all problems of all files.",
        description = {
            "Each problem has its line and column. No messages, keys, queue or database are needed: sluice check tries a"
                    + " pipeline on messages, sluice doctor compares it with the table.",
            "",
            "Exits with 78 if any file is invalid."
        },
        footer = {"Examples:", "  sluice pipeline validate my.yaml", "  sluice pipeline lint pipelines/*.yaml"})
final class PipelineValidateCommand extends CliCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline files, or names of built-in pipelines.")
    List<String> pipelines;

    @Override
    public Integer call() {
        boolean valid = true;
        for (String pipeline : pipelines) {
            valid &= validate(pipeline);
        }
        return valid ? ExitCode.DONE : ExitCode.CONFIG;
    }

    private boolean validate(String pipeline) {
        try {
            PipelineSpec spec = Pipelines.load(pipeline, console().environment());
            print(
                    result(pipeline, List.of()).put("pipeline", spec.name()),
                    PrintableStream.escape(pipeline) + ": valid, pipeline " + spec.name() + ", "
                            + spec.columns().size() + " columns into "
                            + spec.sink().qualifiedName());
            return true;
        } catch (InvalidDocumentException e) {
            return invalid(pipeline, e.problems(), e.getMessage());
        } catch (PipelineNotFoundException e) {
            String message = Objects.requireNonNull(e.getMessage());
            return invalid(pipeline, List.of(message), message);
        }
    }

    /** For programs on standard output, like a valid file's result; for people on standard error. */
    private boolean invalid(String pipeline, List<String> problems, String message) {
        if (json()) {
            out().println(result(pipeline, problems));
        } else {
            report(message);
        }
        return false;
    }

    private static JsonLine result(String pipeline, List<String> problems) {
        return new JsonLine()
                .put("file", pipeline)
                .put("valid", problems.isEmpty())
                .put("problems", problems);
    }
}
