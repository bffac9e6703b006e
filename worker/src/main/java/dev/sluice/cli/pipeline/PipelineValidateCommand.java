package dev.sluice.cli.pipeline;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.PersonalDataOption;
import dev.sluice.cli.run.MessageFile;
import dev.sluice.cli.run.MessageFileException;
import dev.sluice.detect.Sighting;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.Row;
import dev.sluice.mapping.UnmaskedColumns;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
        footer = {
            "Examples:",
            "  sluice pipeline validate my.yaml",
            "  sluice pipeline validate my.yaml --sample events.ndjson",
            "  sluice pipeline lint pipelines/*.yaml"
        })
final class PipelineValidateCommand extends CliCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Pipeline files, or names of built-in pipelines.")
    List<String> pipelines;

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description =
                    "Also warn of columns without a mask in which messages of this file would store personal data.")
    @Nullable
    String sample;

    @Override
    public Integer call() {
        if ("-".equals(sample) && pipelines.size() > 1) {
            throw usageError("--sample - can be read once, so it takes one pipeline file");
        }
        boolean valid = true;
        for (String pipeline : pipelines) {
            valid &= validate(pipeline);
        }
        return valid ? ExitCode.DONE : ExitCode.CONFIG;
    }

    private boolean validate(String pipeline) {
        try {
            PipelineSpec spec = Pipelines.load(pipeline, console().environment());
            JsonLine json = result(pipeline, List.of()).put("pipeline", spec.name());
            if (sample != null) {
                List<Sighting> sightings = sightings(spec, sample);
                sightings.forEach(
                        sighting -> report("warning: " + TerminalText.escape(pipeline) + ": " + sighting.sentence()));
                json.put("unmasked", PersonalDataOption.json(sightings));
            }
            print(
                    json,
                    TerminalText.escape(pipeline) + ": valid, pipeline " + spec.name() + ", "
                            + Counted.of(spec.columns().size(), "column") + " into "
                            + spec.sink().qualifiedName());
            return true;
        } catch (InvalidDocumentException e) {
            return invalid(pipeline, e.problems(), e.getMessage());
        } catch (PipelineNotFoundException e) {
            String message = Objects.requireNonNull(e.getMessage());
            return invalid(pipeline, List.of(message), message);
        }
    }

    /** Read again for each pipeline: another one maps other rows. Rejected records are for sluice check. */
    private List<Sighting> sightings(PipelineSpec spec, String file) {
        Mapper mapper = Mappers.compile(spec, Keysets.ephemeral(Assembly.requiredKeys(spec)));
        UnmaskedColumns unmasked = new UnmaskedColumns(spec);
        Instant now = Instant.now();
        try (MessageFile messages = MessageFile.open(console(), file, false, 1)) {
            messages.forEachRemaining(
                    body -> mapper.map("sample", now, body.text().getBytes(StandardCharsets.UTF_8)).stream()
                            .filter(Row.class::isInstance)
                            .forEach(row -> unmasked.add((Row) row)));
        } catch (MessageFileException e) {
            throw usageError(file + ": " + e.getMessage());
        }
        return unmasked.sightings();
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
