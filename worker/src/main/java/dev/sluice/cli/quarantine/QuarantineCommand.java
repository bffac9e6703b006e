package dev.sluice.cli.quarantine;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Confirmation;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.LimitOption;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.TicketOption;
import dev.sluice.config.Setting;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.Reason;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineCount;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.SealedQuarantineEntry;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.OperatorAudit;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice quarantine}, and its short subcommands. */
@Command(
        name = "quarantine",
        header = "Shows, replays and deletes records that could not become rows.",
        description = "Use list and show to see why records were rejected, and replay when the cause is fixed.",
        subcommands = {QuarantineReplayCommand.class, QuarantineExportCommand.class, QuarantineImportCommand.class})
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
public final class QuarantineCommand extends CommandFamily {

    @Command(
            name = "list",
            header = "Lists quarantined records, the newest first.",
            description = "Of all pipelines, or of the one that --pipeline names. Their originals are not shown.",
            footer = {"Example:", "  sluice quarantine list --reason invalid-ip --since 2h --output csv"})
    @ListOutput
    void list(@Mixin FilterOptions options, @Mixin LimitOption limit) {
        int rows = limit.value();
        QuarantineFilter filter = filter(options);
        try (Database database = assembly().maintenanceDatabase()) { // a rare reason may be far back
            Quarantine quarantine = new Quarantine(database);
            listing().print(program(), row -> quarantine.list(filter, rows, row));
        }
    }

    @Command(
            name = "stats",
            header = "Counts quarantined records by pipeline and reason, the most frequent first.",
            description = "Of all pipelines, or of the one that --pipeline names.",
            footer = {"Example:", "  sluice quarantine stats --since 2026-03-01"})
    @ListOutput
    void stats(@Mixin FilterOptions options) {
        QuarantineFilter filter = filter(options);
        try (Database database = assembly().maintenanceDatabase()) {
            new Listing<QuarantineCount>()
                    .column("pipeline", QuarantineCount::pipeline)
                    .column("reason", QuarantineCount::reason)
                    .column("records", QuarantineCount::records)
                    .column("first", QuarantineCount::first)
                    .column("last", QuarantineCount::last)
                    .whole()
                    .print(program(), new Quarantine(database).counts(filter));
        }
    }

    /** The setting's default, or an environment that names a pipeline for all commands, hides no other pipeline's records. */
    private QuarantineFilter filter(FilterOptions options) {
        QuarantineFilter filter = options.filter();
        Assembly assembly = assembly();
        return assembly.settings().isFlag(Setting.PIPELINE)
                ? filter.ofPipeline(assembly.spec().name())
                : filter;
    }

    /** Quarantined records, without their originals. */
    public static Listing<QuarantineEntry> listing() {
        return new Listing<QuarantineEntry>()
                .column("id", QuarantineEntry::id)
                .column("pipeline", QuarantineEntry::pipeline)
                .column("reason", QuarantineEntry::reason)
                .column("column", QuarantineEntry::column)
                .column("sqlstate", QuarantineEntry::sqlState)
                .column("constraint", QuarantineEntry::constraint)
                .column("message", QuarantineEntry::messageId)
                .column("record", QuarantineEntry::recordIndex)
                .column("sent", QuarantineEntry::sentAt)
                .column("quarantined", QuarantineEntry::quarantinedAt)
                .column("line", QuarantineEntry::line);
    }

    @Command(
            name = "purge",
            header = "Deletes quarantined records of the current pipeline.",
            description = "Their originals exist nowhere else, so this cannot be undone.")
    void purge(
            @Option(
                            names = "--older-than",
                            paramLabel = "DURATION",
                            description =
                                    "Only records quarantined longer ago than this, such as 30d, by the database's"
                                            + " clock. Required unless --until is given.")
                    @Nullable
                    Duration age,
            @Mixin FilterOptions options,
            @Mixin Confirmation confirmation) {
        if (age == null && options.until == null) {
            throw usageError("--older-than or --until is required");
        }
        Assembly assembly = assembly();
        QuarantineFilter filter = options.filter().ofPipeline(assembly.spec().name());
        Duration oldEnough = Objects.requireNonNullElse(age, Duration.ZERO);
        try (Database database = assembly.maintenanceDatabase()) {
            Quarantine quarantine = new Quarantine(database);
            long found = quarantine.count(filter, oldEnough);
            if (found == 0) {
                quarantine.requirePurge();
                print(new JsonLine().put("purged", 0), "There is nothing to delete.");
                return;
            }
            confirmation.require(
                    console(),
                    () -> "Delete " + Counted.of(found, "quarantined record") + "? This cannot be undone.",
                    "yes");
            long purged = quarantine.purge(filter, oldEnough);
            print(new JsonLine().put("purged", purged), Counted.of(purged, "quarantined record") + " deleted.");
        }
    }

    @Command(
            name = "show",
            header = "Shows one quarantined record: the reason, and the shape of its original without the values.",
            description =
                    "With --ticket, the original is decrypted in memory, after the audit has recorded that, and the names, types"
                            + " and lengths of its fields are shown.")
    void show(
            @Parameters(paramLabel = "ID", description = "As listed by sluice quarantine list.") long id,
            @Mixin TicketOption ticket) {
        String given = ticket.optional();
        Assembly assembly = assembly();
        try (Database database = assembly.database()) {
            SealedQuarantineEntry sealed = new Quarantine(database)
                    .get(id)
                    .orElseThrow(() -> usageError("there is no quarantined record " + id));
            JsonLine line = describe(sealed.entry());
            if (given != null) {
                byte[] original = open(assembly, database, sealed, given);
                line.put("original_bytes", original.length).put("shape", JsonShape.of(original));
            }
            print(line, line.lines());
            if (given == null) {
                report("with --ticket, the original's shape is shown, and the audit records that");
            }
        }
    }

    private static byte[] open(Assembly assembly, Database database, SealedQuarantineEntry sealed, String ticket) {
        Sealer sealer = assembly.keysetsFor(database).sealer();
        new OperatorAudit(database, assembly.spec())
                .inspects(ticket, sealed.entry().id());
        return Original.bodyOf(
                sealer.unseal(sealed.original(), sealed.entry().binding().associatedData()));
    }

    private static JsonLine describe(QuarantineEntry entry) {
        return new JsonLine()
                .put("id", entry.id())
                .put("pipeline", entry.pipeline())
                .put("pipeline_version", entry.pipelineVersion())
                .put("reason", entry.reason())
                .put("expected", Reason.explanationOf(entry.reason()))
                .put("column", entry.column())
                .put("sqlstate", entry.sqlState())
                .put("constraint", entry.constraint())
                .put("message", entry.messageId())
                .put("record", entry.recordIndex())
                .put("receive_count", entry.receiveCount())
                .put("sent", entry.sentAt())
                .put("quarantined", entry.quarantinedAt())
                .put("original_form", entry.form().name().toLowerCase(Locale.ROOT))
                .put("line", entry.line());
    }
}
