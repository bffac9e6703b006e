package dev.sluice.cli.quarantine;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.Confirmation;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Program;
import dev.sluice.encoding.Labelled;
import dev.sluice.mapping.Reason;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.db.Database;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice quarantine}, and its subcommands on many records. */
@Command(
        name = "quarantine",
        header = "Shows, replays and deletes records that could not become rows.",
        subcommands = {QuarantineShowCommand.class, QuarantineReplayCommand.class})
public final class QuarantineCommand extends CommandFamily {

    @Command(name = "list", header = "Lists quarantined records, the newest first.")
    void list(
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "How many (${DEFAULT-VALUE}).")
                    int limit) {
        requireAtLeast(0, limit, "--limit");
        try (Database database = assembly().database()) {
            print(program(), new Quarantine(database).list(limit));
        }
    }

    /** Prints quarantined records, without their originals. */
    public static void print(Program program, List<QuarantineEntry> entries) {
        new Listing<QuarantineEntry>()
                .column("id", QuarantineEntry::id)
                .column("reason", QuarantineEntry::reason)
                .column("column", QuarantineEntry::column)
                .column("sqlstate", QuarantineEntry::sqlState)
                .column("constraint", QuarantineEntry::constraint)
                .column("message", QuarantineEntry::messageId)
                .column("record", QuarantineEntry::recordIndex)
                .column("sent", QuarantineEntry::sentAt)
                .column("quarantined", QuarantineEntry::quarantinedAt)
                .print(program, entries);
    }

    /** What a reason means; empty for a reason of another program version. */
    public static String explanation(String label) {
        return Labelled.find(Reason.values(), label).map(Reason::explanation).orElse("");
    }

    @Command(
            name = "purge",
            header = "Deletes quarantined records of the current pipeline.",
            description = {"", "Their originals exist nowhere else, so this cannot be undone.", ""})
    void purge(
            @Option(
                            names = "--older-than",
                            paramLabel = "DURATION",
                            required = true,
                            description = "Records quarantined longer ago than this, such as 30d.")
                    Duration age,
            @Mixin Confirmation confirmation) {
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            Quarantine quarantine = new Quarantine(database);
            String pipeline = assembly.spec().name();
            confirmation.require(
                    console(),
                    () -> "Delete " + quarantine.count(pipeline, age)
                            + " quarantined record(s)? This cannot be undone.",
                    "yes");
            long purged = quarantine.purge(pipeline, age);
            print(new JsonLine().put("purged", purged), purged + " quarantined record(s) deleted.");
        }
    }
}
