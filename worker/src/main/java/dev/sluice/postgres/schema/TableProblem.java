package dev.sluice.postgres.schema;

import dev.sluice.failure.InfrastructureException;

/**
 * One reason why the target table cannot take the pipeline's rows.
 *
 * @param kind what it makes of a run: CONFIG, or NOT_PERMITTED where a grant is missing
 * @param message what was found and what was expected, names and types only
 */
public record TableProblem(InfrastructureException.Kind kind, String message) {

    static TableProblem mismatch(String message) {
        return new TableProblem(InfrastructureException.Kind.CONFIG, message);
    }

    static TableProblem notPermitted(String message) {
        return new TableProblem(InfrastructureException.Kind.NOT_PERMITTED, message);
    }
}
