package dev.sluice.cli.recovery;

import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.LimitOption;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Part;
import dev.sluice.output.JsonLine;
import dev.sluice.output.StoredValues;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditEntry;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.AuditLog;
import dev.sluice.recovery.audit.Verification.Broken;
import dev.sluice.recovery.audit.Verification.Fault;
import dev.sluice.recovery.audit.Verification.Intact;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice audit} and its subcommands. */
@Command(
        name = "audit",
        header = "Lists who recovered what, when and why, and verifies that no entry was changed.",
        description = "Each entry holds the hash of the previous one.")
@CommandHelp(uses = Part.DATABASE)
public final class AuditCommand extends CommandFamily {

    @Command(
            name = "list",
            header = "Lists the entries of the audit, the newest first.",
            description = "With --output json, each with its hash and the hash of the previous entry.")
    @ListOutput
    void list(
            @Mixin LimitOption limit,
            @Option(names = "--head", description = "Print only the newest entry, as SEQ:HASH, to be stored elsewhere.")
                    boolean head) {
        int rows = limit.value();
        try (Database database = assembly().database()) {
            AuditLog audit = new AuditLog(database);
            if (head) {
                audit.head().ifPresent(out()::println);
            } else {
                listing().print(program(), row -> audit.list(rows, row));
            }
        }
    }

    private static Listing<AuditEntry> listing() {
        return new Listing<AuditEntry>()
                .column("seq", AuditEntry::seq)
                .column("at", AuditEntry::at)
                .column("actor", AuditEntry::actor)
                .column("os user", "os_user", AuditEntry::osUser)
                .column("action", AuditEntry::action)
                .text("reason", entry -> Objects.requireNonNullElse(entry.reason(), ""))
                .json("reason", AuditEntry::reason)
                .text("ticket", entry -> Objects.requireNonNullElse(entry.ticket(), ""))
                .json("ticket", AuditEntry::ticket)
                .column("pipeline", AuditEntry::pipeline)
                .column("values", AuditEntry::valueCount)
                .text("details", AuditEntry::details)
                .json("details", entry -> StoredValues.json(entry.details()))
                // Spaces and order of members count for the hash.
                .json("details_text", AuditEntry::details)
                .json("previous_hash", AuditEntry::previousHash)
                .json("hash", AuditEntry::hash);
    }

    @Command(
            name = "verify",
            header = "Recomputes all hashes of the audit and reports whether an entry was changed, removed or moved.",
            description =
                    "Entries cut off at the end are only detected with a head that was stored elsewhere: give it with --head."
                            + " Exits with 65 if the audit was tampered with.",
            footer = {"Example:", "  sluice audit verify --head \"$(cat head.txt)\""})
    int verify(
            @Option(
                            names = "--head",
                            paramLabel = "SEQ:HASH",
                            description = "A head from sluice audit list --head or the log, stored elsewhere.")
                    @Nullable
                    String head) {
        AuditHead anchor = head == null
                ? null
                : AuditHead.parse(head).orElseThrow(() -> usageError("--head must have the form SEQ:HASH"));
        try (Database database = assembly().database()) {
            return switch (new AuditLog(database).verify(anchor)) {
                case Intact intact -> print(intact, anchor);
                case Broken broken -> print(broken);
            };
        }
    }

    private int print(Intact intact, @Nullable AuditHead anchor) {
        String verified = "Intact: " + intact.entries() + " entries, none of them changed, removed or moved";
        print(
                new JsonLine()
                        .put("intact", true)
                        .put("entries", intact.entries())
                        .put("anchored", anchor != null),
                anchor == null
                        ? verified + ".\nOnly a head that was stored elsewhere (--head) shows whether later entries are"
                                + " missing."
                        : verified + ", and none missing up to entry " + anchor.seq() + ".");
        return ExitCode.DONE;
    }

    private int print(Broken broken) {
        print(
                new JsonLine().put("intact", false).put("entry", broken.seq()).put("fault", broken.fault()),
                "BROKEN at entry " + broken.seq() + ": " + broken.fault() + ", " + explanation(broken.fault()));
        return ExitCode.DATA;
    }

    private static String explanation(Fault fault) {
        return switch (fault) {
            case CONTENT -> "its content is not what was hashed: it was edited, or swapped with another";
            case LINK -> "it does not follow the entry before it: that one was rewritten, or entries were moved";
            case MISSING -> "it does not exist";
            case ANCHOR -> "it is not the entry that the head names: the audit was rewritten there or before";
        };
    }
}
