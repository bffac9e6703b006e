package dev.sluice.cli;

import dev.sluice.failure.InfrastructureException;

/** The exit codes of the contract; numbers from 64 as in BSD's sysexits.h. */
final class ExitCode {

    static final int DONE = 0;
    static final int UNEXPECTED = 1;
    static final int USAGE = 2;
    static final int DATA = 65;
    static final int UNAVAILABLE = 69;

    /** What came in and what became of it differ: a defect (EX_SOFTWARE). */
    static final int BOOKS_DIFFER = 70;

    static final int NOT_PERMITTED = 77;
    static final int CONFIG = 78;

    private ExitCode() {}

    static int of(InfrastructureException.Kind kind) {
        return switch (kind) {
            case TRANSIENT -> UNAVAILABLE;
            case NOT_PERMITTED -> NOT_PERMITTED;
            case CONFIG -> CONFIG;
            case FATAL -> UNEXPECTED;
        };
    }
}
