package dev.sluice.cli.command;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --yes}, and the prompt that it skips. A mixin of commands that cannot be undone. */
public final class Confirmation {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(names = "--yes", description = "Skip the confirmation prompt.")
    boolean yes;

    /**
     * Unless {@code --yes} is given, prints the question and reads the answer. Anything but the expected answer, and a
     * console where nobody can answer, is a usage error.
     *
     * @param question made only if it is printed
     * @param expected what a person must type
     */
    public void require(Console console, Supplier<String> question, String expected) {
        if (yes) {
            return;
        }
        if (!console.interactive()) {
            throw new ParameterException(command.commandLine(), "this cannot be undone; confirm with --yes");
        }
        console.err().print(question.get() + " Type " + expected + ": ");
        if (!console.answer().equals(expected)) {
            throw new ParameterException(command.commandLine(), "not confirmed; nothing was changed");
        }
    }
}
