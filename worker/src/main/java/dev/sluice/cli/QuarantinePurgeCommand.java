package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.db.Database;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice quarantine purge}. */
@Command(
        name = "purge",
        header = "Deletes quarantined records of the current pipeline for good.",
        description = {"", "Their originals are nowhere else. Asks first, unless --yes is given.", ""})
final class QuarantinePurgeCommand implements Callable<Integer> {

    @ParentCommand
    QuarantineCommand parent;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            required = true,
            converter = DurationConverter.class,
            description = "Those quarantined longer ago, such as 30d.")
    Duration age;

    @Option(names = "--yes", description = "Does not ask.")
    boolean yes;

    @Override
    public Integer call() {
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database()) {
            Quarantine quarantine = new Quarantine(database);
            String pipeline = assembly.spec().name();
            requireConsent(quarantine, pipeline);
            long purged = quarantine.purge(pipeline, age);
            parent.sluice
                    .console()
                    .out()
                    .println(
                            parent.sluice.json()
                                    ? new JsonLine().put("purged", purged).toString()
                                    : purged + " quarantined record(s) deleted.");
        }
        return ExitCode.DONE;
    }

    private void requireConsent(Quarantine quarantine, String pipeline) {
        if (yes) {
            return;
        }
        Console console = parent.sluice.console();
        if (!console.interactive()) {
            throw refusal("purge deletes for good; say --yes");
        }
        if (!console.consents("Delete " + quarantine.count(pipeline, age) + " quarantined record(s) for good?")) {
            throw refusal("not confirmed, nothing was deleted");
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(parent.sluice.command.commandLine(), message);
    }
}
