package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.TicketOption;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.erase.Erasure;
import dev.sluice.recovery.subject.Subject;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice erase}. */
@Command(
        name = "erase",
        header = "Deletes a person's rows from the pipeline's table.",
        description = {
            "Deletes the rows and records that in the audit (ticket, column, number of rows; never the person) in one"
                    + " transaction. For a masked column, give the clear value: it is looked up under every enabled key."
                    + " The number of rows confirms a guess, so this counts towards the daily limit of values.",
            "",
            "Does not reach the quarantine, the queue or backups: see docs/erase.md. Exits with 0 even if there were no"
                    + " rows."
        },
        footer = {
            "Example (keeps the ID out of the shell history and the process list):",
            "  sluice erase --user-id - --ticket DSR-17 < id.txt"
        })
@CommandHelp(
        uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
        requires = {"--user-id", "--ticket"})
public final class EraseCommand extends CliCommand implements Callable<Integer> {

    @Mixin
    SubjectOptions subject;

    @Mixin
    TicketOption ticket;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Why, as for sluice find. Required with --dry-run on a masked column, which is a lookup.")
    @Nullable
    RecoveryReason reason;

    @Option(
            names = "--null",
            paramLabel = "COLUMN",
            arity = "1..*",
            description = "Keep the rows, and set these columns to NULL.")
    List<String> nulled = List.of();

    @Option(names = "--dry-run", description = "Only count the rows.")
    boolean dryRun;

    @Override
    public Integer call() {
        String approved = ticket.required();
        Assembly assembly = assembly();
        Column known = subject.column(assembly.spec());
        if (!columnNames(assembly.spec()).containsAll(nulled)) {
            throw usageError("--null must name columns of " + columnNames(assembly.spec()));
        }
        if (dryRun && known.mask() != null && reason == null) {
            throw usageError("--reason is required: a dry run on a masked column looks up a value");
        }
        String value = subject.value(this::inputLines);
        try (Database database = assembly.maintenanceDatabase()) {
            Subject person = subject.subject(assembly.spec(), known, value, () -> assembly.keysetsFor(database));
            return dryRun && person.masked()
                    ? lookUp(assembly, database, person, approved)
                    : change(assembly, database, person, approved);
        }
    }

    /** Commits the permission to the audit before the table is read. */
    private int lookUp(Assembly assembly, Database database, Subject person, String ticket) {
        Purpose why = new Purpose(Objects.requireNonNull(reason), ticket);
        RecoveryPolicy policy = new RecoveryPolicy(database, assembly.spec().name());
        return switch (policy.find(why, List.of(person.column()), person.values())) {
            case Denied denied -> denied(denied.explanation());
            case Granted granted -> change(assembly, database, person, ticket);
        };
    }

    private int change(Assembly assembly, Database database, Subject person, String ticket) {
        Erasure erasure = new Erasure(database, assembly.spec());
        long rows = dryRun ? erasure.count(person) : erasure.erase(person, nulled, ticket);
        String table = assembly.spec().sink().qualifiedName();
        String done = nulled.isEmpty() ? " deleted from " + table : " of " + table + " changed";
        print(
                new JsonLine()
                        .put("table", table)
                        .put("column", person.column())
                        .put("rows", rows)
                        .put("nulled", nulled)
                        .put("ticket", ticket)
                        .put("dry_run", dryRun),
                Counted.of(rows, "row")
                        + (dryRun
                                ? " of " + table + " found; nothing was changed."
                                : done + ", ticket " + ticket + "."));
        return ExitCode.DONE;
    }
}
