package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineReplay.Listener;
import dev.sluice.postgres.QuarantineReplay.Replayed;
import dev.sluice.postgres.QuarantineReplay.Selection;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.replay.AuditedReplay;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sluice quarantine replay}. */
@Command(
        name = "replay",
        header = "Maps quarantined records again under today's pipeline, and stores those that fit.",
        description = {
            "",
            "What became a row leaves the quarantine in the same transaction; what fits no row today either stays, with",
            "today's reason. Safe to repeat and to interrupt: no record makes a second row. Only records of the current",
            "pipeline are replayed. A record whose original cannot be opened is left as it is and named; exit code 65.",
            "",
            "The audit gets an entry before the first original is opened. A replay is refused (78) when a field that was",
            "masked when the records were sealed would now be stored unmasked, or under a weaker mask.",
            ""
        },
        footer = {"", "Example:", "  sluice quarantine replay --reason invalid-ip --ticket OPS-42"})
final class QuarantineReplayCommand implements Callable<Integer> {

    @ParentCommand
    QuarantineCommand parent;

    @ArgGroup(multiplicity = "1")
    Which which = new Which();

    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            required = true,
            description = "The case it belongs to: letters, digits, _ / # -. Goes into the audit.")
    String ticket;

    @Option(
            names = "--accept-unmasked",
            paramLabel = "FIELD",
            description =
                    "A field, as a JSON pointer (/userId), that was not stored when the records were sealed and may be"
                            + " stored as it is now. Goes into the audit. May be repeated.")
    Set<String> accepted = Set.of();

    @Option(
            names = "--sealed-under",
            paramLabel = "FILE",
            description =
                    "The pipeline file as it was when records were sealed by an older Sluice, which did not note what was"
                            + " masked. May be repeated.")
    List<String> earlier = List.of();

    @Override
    public Integer call() {
        PurposeOptions.requireTicket(parent.sluice.command.commandLine(), ticket);
        Assembly assembly = parent.sluice.assembly();
        try (Database database = assembly.database();
                ProgressBar bar = bar()) {
            AuditedReplay replay =
                    new AuditedReplay(database, assembly.spec(), assembly.remapper(assembly.keysetsFor(database)));
            List<PipelineSpec> files = earlier.stream().map(Pipelines::load).toList();
            Replayed sum = replay.replay(ticket, which.selection(), files, accepted, listener(bar));
            print(sum);
            return sum.unopened() == 0 ? ExitCode.DONE : ExitCode.DATA;
        }
    }

    private Listener listener(@Nullable ProgressBar bar) {
        return new Listener() {
            @Override
            public void progressed(Replayed sum) {
                if (bar != null) {
                    bar.stepTo(sum.entries());
                }
            }

            @Override
            public void unopened(QuarantineEntry entry) {
                parent.sluice
                        .console()
                        .err()
                        .println(
                                "sluice: record " + entry.id() + " of message " + TextTable.printable(entry.messageId())
                                        + " is left as it is: its original cannot be opened, since it was changed or its key is"
                                        + " not among the enabled keys of the keyset 'quarantine'");
            }
        };
    }

    private @Nullable ProgressBar bar() {
        Console console = parent.sluice.console();
        return console.interactive() ? Progress.bar(console, "records", -1) : null;
    }

    private void print(Replayed sum) {
        if (parent.sluice.json()) {
            parent.sluice
                    .console()
                    .out()
                    .println(new JsonLine()
                            .put("entries", sum.entries())
                            .put("records", sum.records())
                            .put("stored", sum.stored())
                            .put("duplicates", sum.duplicates())
                            .put("rejected", sum.rejected())
                            .put("unopened", sum.unopened()));
            return;
        }
        parent.sluice
                .console()
                .out()
                .println("replayed " + sum.records() + " = stored " + sum.stored() + " + duplicates " + sum.duplicates()
                        + " + rejected " + sum.rejected()
                        + (sum.unopened() == 0 ? "" : ", not opened " + sum.unopened()));
    }

    /** One of the ways to say which; none is a default, since a replay writes. */
    static final class Which {

        @Option(names = "--id", paramLabel = "ID", arity = "1..*", description = "These, as listed.")
        @Nullable
        Set<Long> ids;

        @Option(names = "--all", description = "All.")
        boolean all;

        @Option(names = "--reason", paramLabel = "REASON", description = "Those of one reason, such as invalid-ip.")
        @Nullable
        String reason;

        Selection selection() {
            return new Selection(ids == null ? Set.of() : ids, reason);
        }
    }
}
