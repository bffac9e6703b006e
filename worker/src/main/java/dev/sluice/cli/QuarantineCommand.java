package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Reason;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.Quarantine.SealedEntry;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.OperatorAudit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice quarantine}. */
@Command(
        name = "quarantine",
        header = "Shows records that could not become rows, tries them again, and deletes them.",
        subcommands = {
            QuarantineCommand.Listing.class,
            QuarantineCommand.Show.class,
            QuarantineReplayCommand.class,
            QuarantinePurgeCommand.class
        })
final class QuarantineCommand implements Runnable {

    private static final List<String> HEADINGS =
            List.of("id", "reason", "column", "sqlstate", "constraint", "message", "record", "sent", "quarantined");

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        throw new ParameterException(
                sluice.command.commandLine(), "quarantine: list, show, replay or purge was expected");
    }

    static void print(Sluice sluice, List<QuarantineEntry> entries) {
        RowView.print(
                sluice,
                HEADINGS,
                entries.stream()
                        .map(entry -> Arrays.<@Nullable Object>asList(
                                entry.id(),
                                entry.reason(),
                                entry.column(),
                                entry.sqlState(),
                                entry.constraint(),
                                entry.messageId(),
                                entry.recordIndex(),
                                entry.sentAt(),
                                entry.quarantinedAt()))
                        .toList());
    }

    /** What a reason means, in words; empty when it is another program version's. */
    static String explanation(String label) {
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.label().equals(label))
                .map(Reason::explanation)
                .findFirst()
                .orElse("");
    }

    /** {@code sluice quarantine list}. */
    @Command(name = "list", header = "Lists quarantined records, the newest first.")
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        QuarantineCommand parent;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (${DEFAULT-VALUE}).")
        int limit;

        @Override
        public Integer call() {
            try (Database database = parent.sluice.assembly().database()) {
                print(parent.sluice, new Quarantine(database).list(limit));
            }
            return ExitCode.DONE;
        }
    }

    /** {@code sluice quarantine show}. */
    @Command(
            name = "show",
            header = "Shows one quarantined record: why, and the shape of the original without its values.",
            description = {
                "",
                "With a ticket the original is opened in memory, once the audit has an entry of that, and its names, types",
                "and lengths are shown.",
                ""
            })
    static final class Show implements Callable<Integer> {

        @ParentCommand
        QuarantineCommand parent;

        @Parameters(paramLabel = "ID", description = "As listed by sluice quarantine list.")
        long id;

        @Option(
                names = "--ticket",
                paramLabel = "TICKET",
                description = "The case, for the audit; opens the original to show its shape.")
        @Nullable
        String ticket;

        @Override
        public Integer call() {
            if (ticket != null) {
                PurposeOptions.requireTicket(parent.sluice.command.commandLine(), ticket);
            }
            Assembly assembly = parent.sluice.assembly();
            try (Database database = assembly.database()) {
                SealedEntry sealed = new Quarantine(database)
                        .get(id)
                        .orElseThrow(() -> new ParameterException(
                                parent.sluice.command.commandLine(), "there is no quarantined record " + id));
                print(sealed.entry(), ticket == null ? null : open(assembly, database, sealed, ticket));
            }
            return ExitCode.DONE;
        }

        private static byte[] open(Assembly assembly, Database database, SealedEntry sealed, String ticket) {
            Sealer sealer = assembly.keysetsFor(database).sealer();
            new OperatorAudit(database, assembly.spec())
                    .inspects(ticket, sealed.entry().id());
            return sealer.unseal(sealed.original(), sealed.entry().binding().associatedData());
        }

        private void print(QuarantineEntry entry, byte @Nullable [] original) {
            JsonLine line = new JsonLine()
                    .put("id", entry.id())
                    .put("pipeline", entry.pipeline())
                    .put("pipeline_version", entry.pipelineVersion())
                    .put("reason", entry.reason())
                    .put("expected", explanation(entry.reason()))
                    .put("column", entry.column())
                    .put("sqlstate", entry.sqlState())
                    .put("constraint", entry.constraint())
                    .put("message", entry.messageId())
                    .put("record", entry.recordIndex())
                    .put("receive_count", entry.receiveCount())
                    .put("sent", entry.sentAt())
                    .put("quarantined", entry.quarantinedAt())
                    .put("original_form", entry.form().name().toLowerCase(Locale.ROOT));
            if (original != null) {
                line.put("original_bytes", original.length).put("shape", JsonShape.of(original));
            }
            parent.sluice.console().out().println(parent.sluice.json() ? line : line.lines());
            if (original == null) {
                parent.sluice
                        .console()
                        .err()
                        .println("sluice: --ticket opens the original and shows its shape; the audit gets an entry");
            }
        }
    }
}
