package dev.sluice.cli.pipeline;

import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Listing;
import dev.sluice.mapping.Pipelines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice pipeline}, and its subcommands that only print. */
@Command(
        name = "pipeline",
        header = "Drafts, validates and shows pipeline files.",
        description =
                "None of these commands needs a queue, a database or keys. docs/pipelines.md describes the pipeline file.",
        subcommands = {PipelineInitCommand.class, PipelineValidateCommand.class})
@CommandHelp(uses = {})
public final class PipelineCommand extends CommandFamily {

    @Command(name = "list", header = "Lists the built-in pipelines.")
    void list() {
        new Listing<String>()
                .column("pipeline", name -> name)
                .column("table", name -> Pipelines.load(name).sink().qualifiedName())
                .column("columns", name -> Pipelines.load(name).columns().size())
                .print(program(), Pipelines.BUILT_IN);
    }

    @Command(
            name = "show",
            header = "Prints a pipeline as YAML.",
            description = "Start your own from a built-in one: save it under another name, and change pipeline: too.",
            footer = {"Example:", "  sluice pipeline show user-logins > my.yaml"})
    void show(
            @Parameters(paramLabel = "NAME|FILE", description = "A built-in pipeline's name, or a file.")
                    String pipeline) {
        out().print(Pipelines.text(pipeline));
    }

    @Command(
            name = "schema",
            header = "Prints the JSON Schema of pipeline files, for editors.",
            description = "Editors with a YAML language server complete and check a file whose first line is"
                    + " '# yaml-language-server: $schema=pipeline.schema.json'.",
            footer = {"Example:", "  sluice pipeline schema > pipeline.schema.json"})
    void schema() {
        out().print(PipelineSchema.text());
    }
}
