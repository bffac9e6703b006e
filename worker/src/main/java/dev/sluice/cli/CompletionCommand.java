package dev.sluice.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sluice completion}. */
@Command(
        name = "completion",
        header = "Prints a completion script for bash and zsh.",
        footer = {"", "Example:", "  source <(sluice completion)"})
final class CompletionCommand implements Runnable {

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        sluice.console().out().println(AutoComplete.bash("sluice", sluice.command.commandLine()));
    }
}
