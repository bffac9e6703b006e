package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.erase.Erasure;
import dev.sluice.recovery.erase.Subject;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.PolicyDecision.Granted;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice erase}. */
@Command(
        name = "erase",
        header = "Deletes a person's rows from the pipeline's table.",
        description = {
            "",
            "The rows and an entry in the audit (ticket, column, how many; never whom) are one transaction. Where the",
            "column is masked, the value is given in clear and looked for under every enabled key; how many rows hold it",
            "confirms a guess, so that counts as one value of the day. Reaches neither the quarantine nor the queue, nor",
            "backups: docs/erase.md. Exits with 0 also when there was nothing.",
            ""
        },
        footer = {
            "",
            "Example (the id is in no history and no list of processes):",
            "  sluice erase --user-id - --ticket DSR-17 < id.txt"
        })
final class EraseCommand implements Callable<Integer> {

    private static final String FROM_INPUT = "-";

    @ParentCommand
    Sluice sluice;

    @Option(
            names = {"--user-id", "--subject"},
            paramLabel = "VALUE",
            required = true,
            description = "What the column holds for that person; - reads it from standard input, one line.")
    String subject;

    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            required = true,
            description = "The case, for the audit: letters, digits, _ / # -. No personal data: it stays for ever.")
    String ticket;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "With --dry-run on a masked column, which is a look-up: why, as for sluice find.")
    @Nullable
    RecoveryReason reason;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            defaultValue = "user_id",
            description = "The column that tells whose a row is (${DEFAULT-VALUE}).")
    String column;

    @Option(
            names = "--null",
            paramLabel = "COLUMN",
            arity = "1..*",
            description = "Keep the rows, and make these columns of them NULL.")
    List<String> nulled = List.of();

    @Option(names = "--dry-run", description = "Only count the rows.")
    boolean dryRun;

    @Override
    public Integer call() {
        PurposeOptions.requireTicket(sluice.command.commandLine(), ticket);
        Assembly assembly = sluice.assembly();
        Column known = column(assembly.spec());
        requireColumns(assembly.spec());
        if (dryRun && known.mask() != null && reason == null) {
            throw wrong("--reason was expected: a dry run on a masked column looks a value up");
        }
        String value = value();
        try (Database database = assembly.maintenanceDatabase()) {
            Subject whom = Subject.of(assembly.spec(), known, value, () -> assembly.keysetsFor(database))
                    .orElseThrow(() -> wrong("--user-id: the value is not of the form of column " + column));
            return dryRun && whom.masked() ? lookUp(assembly, database, whom) : change(assembly, database, whom);
        }
    }

    /** Leave is committed to the audit before the table is read. */
    private int lookUp(Assembly assembly, Database database, Subject whom) {
        Purpose why = new Purpose(Objects.requireNonNull(reason), ticket);
        RecoveryPolicy permissions =
                new RecoveryPolicy(database, assembly.spec().name());
        return switch (permissions.find(why, List.of(whom.column()), whom.values())) {
            case Denied denied -> {
                sluice.console().err().println("sluice: denied: " + denied.explanation());
                yield ExitCode.NOT_PERMITTED;
            }
            case Granted granted -> change(assembly, database, whom);
        };
    }

    private int change(Assembly assembly, Database database, Subject whom) {
        Erasure erasure = new Erasure(database, assembly.spec());
        long rows = dryRun
                ? erasure.count(whom)
                : erasure.erase(whom, nulled, ticket).rows();
        print(rows, assembly.spec().sink().qualifiedName());
        return ExitCode.DONE;
    }

    private Column column(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(Subject::canIdentify)
                .filter(candidate -> candidate.name().equals(column))
                .findFirst()
                .orElseThrow(() -> wrong("--column: one of "
                        + spec.columns().stream()
                                .filter(Subject::canIdentify)
                                .map(Column::name)
                                .toList()
                        + " was expected"));
    }

    private void requireColumns(PipelineSpec spec) {
        if (!RowView.headings(spec).containsAll(nulled)) {
            throw wrong("--null: some of " + RowView.headings(spec) + " were expected");
        }
    }

    private String value() {
        String value = subject.equals(FROM_INPUT) ? line() : subject;
        if (value.isBlank()) {
            throw wrong("--user-id: a value was expected");
        }
        return value;
    }

    private String line() {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(sluice.console().in(), StandardCharsets.UTF_8));
        try {
            String line = input.readLine();
            if (line == null || input.readLine() != null) {
                throw wrong("--user-id -: one line was expected on standard input");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(long rows, String table) {
        if (sluice.json()) {
            sluice.console()
                    .out()
                    .println(new JsonLine()
                            .put("table", table)
                            .put("column", column)
                            .put("rows", rows)
                            .put("nulled", nulled)
                            .put("ticket", ticket)
                            .put("dryRun", dryRun));
            return;
        }
        String what = nulled.isEmpty() ? " deleted from " + table : " of " + table + " changed";
        sluice.console()
                .out()
                .println(rows + " row(s)"
                        + (dryRun
                                ? " of " + table + " found; nothing was changed."
                                : what + ", ticket " + ticket + "."));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(sluice.command.commandLine(), message);
    }
}
