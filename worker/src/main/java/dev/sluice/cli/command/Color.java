package dev.sluice.cli.command;

import java.io.PrintStream;

/** The colours of a terminal that mean something everywhere. The program says {@linkplain Program#color() whether}. */
public enum Color {
    GREEN("32"),
    YELLOW("33"),
    RED("31");

    private static final String RESET = "\u001b[0m";

    private final String start;

    /** @param code of ECMA-48, SGR */
    Color(String code) {
        this.start = "\u001b[" + code + "m";
    }

    /** Prints a text, escaped as the stream does; only the colour itself passes. */
    public void print(PrintStream to, boolean wanted, String text) {
        PrintStream unescaped = PrintableStream.behind(to);
        if (wanted) {
            unescaped.print(start);
        }
        to.print(text);
        if (wanted) {
            unescaped.print(RESET);
        }
    }

    /** Around a text that is not escaped any more. */
    public String around(String text) {
        return start + text + RESET;
    }
}
