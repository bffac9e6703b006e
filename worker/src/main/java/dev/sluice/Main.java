package dev.sluice;

import dev.sluice.cli.Console;
import dev.sluice.cli.Sluice;

/** The program: hands arguments, environment and streams to the command line, and its answer to the system. */
public final class Main {

    private Main() {}

    /** @param args as described by {@code sluice --help} */
    public static void main(String[] args) {
        System.exit(Sluice.run(Console.system(), args));
    }
}
