package dev.sluice.cli.command;

/** A command that only groups subcommands: called without one, it lists them in a usage error. */
public abstract class CommandFamily extends CliCommand implements Runnable {

    @Override
    public final void run() {
        throw usageError("a subcommand is required: "
                + String.join(", ", command.subcommands().keySet()));
    }
}
