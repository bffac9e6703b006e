package dev.sluice.cli;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice help}. */
@Command(
        name = "help",
        header = "Shows help for a command.",
        description = "Without COMMAND, lists all commands. --help after a command shows the same.",
        footer = {"Examples:", "  sluice help run", "  sluice help keys create"})
@CommandHelp(
        uses = {},
        results = false)
final class HelpCommand extends CliCommand implements Runnable {

    @Spec
    CommandSpec help;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, and its subcommand if it has any.")
    List<String> names = List.of();

    @Override
    public void run() {
        CommandLine described = help.root().commandLine();
        for (String name : names) {
            CommandLine found = described.getSubcommands().get(name);
            if (found == null) {
                throw usageError(described.getCommandSpec().qualifiedName() + " has no command of this name");
            }
            described = found;
        }
        described.usage(help.root().commandLine().getOut());
    }
}
