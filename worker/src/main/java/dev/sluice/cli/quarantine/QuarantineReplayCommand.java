package dev.sluice.cli.quarantine;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.cli.command.TicketOption;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.output.JsonLine;
import dev.sluice.output.TerminalText;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineReplay.Listener;
import dev.sluice.postgres.ReplaySelection;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.table.Replayed;
import dev.sluice.recovery.replay.AuditedReplay;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice quarantine replay}. */
@Command(
        name = "replay",
        header = "Maps quarantined records with the current pipeline, and stores those that fit.",
        description = {
            "A record that becomes a row leaves the quarantine in the same transaction. One that still fits no row stays,"
                    + " with the new reason. Safe to repeat and to interrupt: no record becomes two rows. Only records of"
                    + " the current pipeline are replayed. A record whose original cannot be decrypted is reported and not"
                    + " changed; the exit code is then 65.",
            "",
            "The audit records the replay before the first original is decrypted. A replay is refused (78) if a field that"
                    + " was masked when the records were sealed would now be stored without a mask, or with a weaker one."
        },
        footer = {"Example:", "  sluice quarantine replay --reason invalid-ip --since 2h --ticket OPS-42"})
@CommandHelp(
        uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
        requires = "--ticket")
final class QuarantineReplayCommand extends CliCommand implements Callable<Integer> {

    @Option(names = "--id", paramLabel = "ID", arity = "1..*", description = "These records, as listed.")
    Set<Long> ids = Set.of();

    @Option(names = "--all", description = "All records of the pipeline.")
    boolean all;

    @Mixin
    FilterOptions options;

    @Mixin
    TicketOption ticket;

    @Option(
            names = "--accept-unmasked",
            paramLabel = "FIELD",
            description =
                    "A field, as a JSON pointer (/userId), that was not stored when the records were sealed and may"
                            + " now be stored as the pipeline says. Recorded in the audit. Can be repeated.")
    Set<String> accepted = Set.of();

    @Option(
            names = "--sealed-under",
            paramLabel = "FILE",
            description =
                    "The pipeline file that was in use when an older version, which did not record what was masked,"
                            + " sealed the records. Can be repeated.")
    List<String> earlier = List.of();

    @Override
    public Integer call() {
        String approved = ticket.required();
        ReplaySelection selection = selection();
        Assembly assembly = assembly();
        try (Database database = assembly.database();
                Progress progress = new Progress(console()).counting("records")) {
            AuditedReplay replay =
                    new AuditedReplay(database, assembly.spec(), assembly.remapper(assembly.keysetsFor(database)));
            List<PipelineSpec> files = earlier.stream().map(Pipelines::load).toList();
            Replayed sum = replay.replay(approved, selection, files, accepted, listener(progress));
            print(sum);
            return sum.unopened() == 0 ? ExitCode.DONE : ExitCode.DATA;
        }
    }

    private Listener listener(Progress progress) {
        return new Listener() {
            @Override
            public void progressed(Replayed sum) {
                progress.reached(sum.entries());
            }

            @Override
            public void unopened(QuarantineEntry entry) {
                report("record " + entry.id() + " of message " + TerminalText.escape(entry.messageId())
                        + " is not changed: its original cannot be decrypted, because it was altered or its key is not"
                        + " among the enabled keys of the keyset 'quarantine'");
            }
        };
    }

    private void print(Replayed sum) {
        print(
                new JsonLine()
                        .put("entries", sum.entries())
                        .put("records", sum.records())
                        .put("stored", sum.stored())
                        .put("duplicates", sum.duplicates())
                        .put("rejected", sum.rejected())
                        .put("unopened", sum.unopened()),
                "replayed " + sum.records() + " = stored " + sum.stored() + " + duplicates " + sum.duplicates()
                        + " + rejected " + sum.rejected()
                        + (sum.unopened() == 0 ? "" : ", not opened " + sum.unopened()));
    }

    /** None is the default, since a replay writes. */
    private ReplaySelection selection() {
        int ways = (ids.isEmpty() ? 0 : 1) + (all ? 1 : 0) + (options.isGiven() ? 1 : 0);
        if (ways != 1) {
            throw usageError("which records: give --id, or --all, or at least one of --reason, --since and --until");
        }
        return new ReplaySelection(ids, options.filter());
    }
}
