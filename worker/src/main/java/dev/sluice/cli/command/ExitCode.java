package dev.sluice.cli.command;

import dev.sluice.failure.InfrastructureException;

/** The documented exit codes; those from 64 are BSD's sysexits.h. */
public final class ExitCode {

    public static final int DONE = 0;
    public static final int UNEXPECTED = 1;
    public static final int USAGE = 2;
    public static final int DATA = 65;
    public static final int UNAVAILABLE = 69;

    /** The counters of a run do not balance: a defect (EX_SOFTWARE). */
    public static final int UNBALANCED = 70;

    /** Results could not be written (EX_IOERR). */
    public static final int OUTPUT = 74;

    public static final int NOT_PERMITTED = 77;
    public static final int CONFIG = 78;

    /** The reader of the results closed the pipe: 128 plus SIGPIPE, as a shell reports for a program that this signal ends. */
    public static final int READER_GONE = 141;

    private ExitCode() {}

    /** The code for a failure of infrastructure. */
    public static int of(InfrastructureException.Kind kind) {
        return switch (kind) {
            case TRANSIENT -> UNAVAILABLE;
            case NOT_PERMITTED -> NOT_PERMITTED;
            case CONFIG -> CONFIG;
            case FATAL -> UNEXPECTED;
        };
    }
}
