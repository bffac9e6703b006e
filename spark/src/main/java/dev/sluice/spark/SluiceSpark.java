package dev.sluice.spark;

import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeysException;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.yaml.InvalidDocumentException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The application that spark-submit starts. Settings are those of the worker's environment, on the driver and on every
 * executor: SLUICE_PIPELINE, SLUICE_KEYS, SLUICE_DATABASE_URL_FILE.
 */
@Command(
        name = "sluice-spark",
        mixinStandardHelpOptions = true,
        subcommands = {BackfillJob.class, RewrapJob.class})
public final class SluiceSpark {

    /** Something stays undone for what it contains. */
    static final int DATA = 65;

    private static final int UNAVAILABLE = 69;
    private static final int NOT_PERMITTED = 77;
    private static final int CONFIG = 78;

    private SluiceSpark() {}

    /** Ends the process unless everything is loaded: Spark reports that the application failed. */
    public static void main(String[] arguments) {
        int code = run(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    static int run(String... arguments) {
        return new CommandLine(new SluiceSpark())
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("sluice: " + text(failure));
                    return code(failure);
                })
                .execute(arguments);
    }

    private static String text(Exception failure) {
        boolean isOurs = failure instanceof InfrastructureException
                || failure instanceof SettingsException
                || failure instanceof KeysException
                || failure instanceof InvalidDocumentException
                || failure instanceof PipelineNotFoundException
                || failure instanceof IllegalStateException;
        return isOurs
                ? String.valueOf(failure.getMessage())
                : "unexpected " + failure.getClass().getSimpleName();
    }

    private static int code(Exception failure) {
        if (failure instanceof InfrastructureException infrastructure) {
            return switch (infrastructure.kind()) {
                case TRANSIENT -> UNAVAILABLE;
                case NOT_PERMITTED -> NOT_PERMITTED;
                case CONFIG -> CONFIG;
                case FATAL -> 1;
            };
        }
        return failure instanceof IllegalStateException ? UNAVAILABLE : CONFIG;
    }
}
