package dev.sluice.failure;

/**
 * One line of {@code sluice doctor}.
 *
 * @param verdict whether a run would work, as far as this check goes
 * @param subject what was checked, in two or three words ("queue visibility timeout")
 * @param message what was found, and, unless it passed, the remedy; never a secret or a value of a message
 * @param kind for a {@link Verdict#FAIL}: decides the exit code, as for a run; otherwise ignored
 */
public record Finding(Verdict verdict, String subject, String message, InfrastructureException.Kind kind) {

    /** The result of a check. */
    public enum Verdict {
        /** As it should be. */
        PASS,
        /** A run works, with a risk. */
        WARN,
        /** A run would not work. */
        FAIL
    }

    public static Finding pass(String subject, String message) {
        return new Finding(Verdict.PASS, subject, message, InfrastructureException.Kind.FATAL);
    }

    /** A passed check with a risk; the message names the remedy. */
    public static Finding warn(String subject, String message) {
        return new Finding(Verdict.WARN, subject, message, InfrastructureException.Kind.FATAL);
    }

    /** A failed check; the message names the remedy. */
    public static Finding fail(String subject, InfrastructureException.Kind kind, String message) {
        return new Finding(Verdict.FAIL, subject, message, kind);
    }
}
