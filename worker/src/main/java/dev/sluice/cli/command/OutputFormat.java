package dev.sluice.cli.command;

/** The format of results. The names are those of {@code --output}. */
public enum OutputFormat {
    /** For people. */
    text,
    /** One object per line, unless a command says otherwise; keys in snake case. */
    json,
    /** RFC 4180, by commands that {@linkplain ListOutput print a list}. */
    csv
}
