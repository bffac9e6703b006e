package dev.sluice;

import dev.sluice.cli.Sluice;
import dev.sluice.cli.command.Console;

/** The entry point: runs the command line on this process's streams and exits with its code. */
public final class Main {

    private Main() {}

    /** @param args as described by {@code sluice --help} */
    public static void main(String[] args) {
        System.exit(Sluice.run(Console.system(), args));
    }
}
