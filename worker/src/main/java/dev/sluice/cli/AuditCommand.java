package dev.sluice.cli;

import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditEntry;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice audit}. */
@Command(
        name = "audit",
        header = "Lists who recovered what, when and why, and proves that nobody changed it.",
        subcommands = {AuditCommand.Listing.class, AuditCommand.Verify.class})
final class AuditCommand implements Runnable {

    private static final List<String> HEADINGS =
            List.of("seq", "at", "actor", "os user", "action", "reason", "ticket", "pipeline", "values", "details");

    @ParentCommand
    Sluice sluice;

    @Override
    public void run() {
        throw wrong("audit: list or verify was expected");
    }

    private ParameterException wrong(String what) {
        return new ParameterException(sluice.command.commandLine(), what);
    }

    /** {@code sluice audit list}. */
    @Command(
            name = "list",
            header = "Lists the entries of the audit, the newest first.",
            description = {"", "With --output json each with its hash and the hash of the one before it.", ""})
    static final class Listing implements Callable<Integer> {

        @ParentCommand
        AuditCommand parent;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (${DEFAULT-VALUE}).")
        int limit;

        @Option(names = "--head", description = "Print the newest entry as SEQ:HASH only, to be kept elsewhere.")
        boolean head;

        @Override
        public Integer call() {
            if (limit < 0) {
                throw parent.wrong("--limit: 0 or more was expected");
            }
            try (Database database = parent.sluice.assembly().database()) {
                AuditLog audit = new AuditLog(database);
                if (head) {
                    audit.head().ifPresent(parent.sluice.console().out()::println);
                } else {
                    print(audit.list(limit));
                }
            }
            return ExitCode.DONE;
        }

        private void print(List<AuditEntry> entries) {
            if (parent.sluice.json()) {
                entries.forEach(entry -> parent.sluice.console().out().println(json(entry)));
                return;
            }
            RowView.print(
                    parent.sluice,
                    HEADINGS,
                    entries.stream().map(Listing::cells).toList());
        }

        private static List<@Nullable Object> cells(AuditEntry entry) {
            return Arrays.<@Nullable Object>asList(
                    entry.seq(),
                    entry.at(),
                    entry.actor(),
                    entry.osUser(),
                    entry.action(),
                    entry.reason() == null ? "" : entry.reason(),
                    entry.ticket() == null ? "" : entry.ticket(),
                    entry.pipeline(),
                    entry.valueCount(),
                    entry.details());
        }

        /** The details as the text that was hashed. */
        private static JsonLine json(AuditEntry entry) {
            return new JsonLine()
                    .put("seq", entry.seq())
                    .put("at", entry.at())
                    .put("actor", entry.actor())
                    .put("os_user", entry.osUser())
                    .put("action", entry.action())
                    .put("reason", entry.reason())
                    .put("ticket", entry.ticket())
                    .put("pipeline", entry.pipeline())
                    .put("values", entry.valueCount())
                    .put("details", entry.details())
                    .put("previous_hash", entry.previousHash())
                    .put("hash", entry.hash());
        }
    }

    /** {@code sluice audit verify}. */
    @Command(
            name = "verify",
            header = "Computes the whole audit again and says whether an entry was changed, removed or moved.",
            description = {
                "",
                "Entries that were cut off at the end are missed only against a head that was kept elsewhere: give it by",
                "--head. Exit code 65 when the audit was touched.",
                ""
            },
            footer = {"", "Example:", "  sluice audit verify --head \"$(cat head.txt)\""})
    static final class Verify implements Callable<Integer> {

        @ParentCommand
        AuditCommand parent;

        @Option(
                names = "--head",
                paramLabel = "SEQ:HASH",
                description = "A head that sluice audit list --head or the log told, and that was kept elsewhere.")
        @Nullable
        String head;

        @Override
        public Integer call() {
            AuditHead anchor = anchor();
            try (Database database = parent.sluice.assembly().database()) {
                return switch (new AuditLog(database).verify(anchor)) {
                    case Intact intact -> print(intact, anchor);
                    case Broken broken -> print(broken);
                };
            }
        }

        private @Nullable AuditHead anchor() {
            return head == null
                    ? null
                    : AuditHead.parse(head).orElseThrow(() -> parent.wrong("--head: SEQ:HASH was expected"));
        }

        private int print(Intact intact, @Nullable AuditHead anchor) {
            String proved = "Intact: " + intact.entries() + " entries, none of them changed, removed or moved";
            println(
                    new JsonLine()
                            .put("intact", true)
                            .put("entries", intact.entries())
                            .put("anchored", anchor != null),
                    anchor == null
                            ? proved + " before the last.\nWhether entries are missing after it shows only against a"
                                    + " head that was kept elsewhere (--head)."
                            : proved + ", and none missing up to entry " + anchor.seq() + ".");
            return ExitCode.DONE;
        }

        private int print(Broken broken) {
            println(
                    new JsonLine()
                            .put("intact", false)
                            .put("entry", broken.seq())
                            .put("fault", broken.fault()),
                    "BROKEN at entry " + broken.seq() + ": " + broken.fault() + ", " + explanation(broken.fault()));
            return ExitCode.DATA;
        }

        private void println(JsonLine json, String text) {
            parent.sluice.console().out().println(parent.sluice.json() ? json : text);
        }

        private static String explanation(Fault fault) {
            return switch (fault) {
                case CONTENT -> "its content is not what was hashed: it was edited, or swapped with another";
                case LINK -> "it does not follow the entry before it: that one was rewritten, or entries were moved";
                case MISSING -> "it is not there";
                case ANCHOR -> "it is not the entry that the head names: the audit was rewritten there or before";
            };
        }
    }
}
