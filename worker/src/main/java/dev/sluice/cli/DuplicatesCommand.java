package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Shared;
import dev.sluice.postgres.db.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice duplicates}. */
@Command(
        name = "duplicates",
        header = "Shows masked values that several users share, the most shared first.",
        description = {
            "",
            "Equal values have equal tokens, so shared addresses and devices are found without knowing them. Where the",
            "pipeline has no column user_id, and none is named by --by, values of several rows are shown.",
            ""
        })
final class DuplicatesCommand implements Callable<Integer> {

    private static final String USUAL_SUBJECT = "user_id";

    @ParentCommand
    Sluice sluice;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            description = "Look at this masked column only (all that are masked joinably).")
    @Nullable
    String column;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "Show what rows of several values of this column share (user_id, if there is one).")
    @Nullable
    String by;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "Values a column (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public Integer call() {
        Assembly assembly = sluice.assembly();
        List<String> columns = columns(assembly.spec());
        String subject = subject(assembly.spec());
        try (Database database = assembly.database()) {
            print(sluice, new TableReader(database, assembly.spec()), columns, subject, limit);
        }
        return ExitCode.DONE;
    }

    static void print(Sluice sluice, TableReader reader, List<String> columns, @Nullable String subject, int limit) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (String name : columns) {
            for (Shared shared : reader.duplicates(name, subject, limit)) {
                List<@Nullable Object> row = new ArrayList<>(List.of(name, shared.value(), shared.rows()));
                if (subject != null) {
                    row.add(shared.distinct());
                }
                rows.add(row);
            }
        }
        List<String> headings = new ArrayList<>(List.of("column", "value", "rows"));
        if (subject != null) {
            headings.add("distinct " + subject);
        }
        if (rows.isEmpty() && !sluice.json()) {
            sluice.console()
                    .out()
                    .println("No masked value is shared by more than one " + (subject == null ? "row" : subject) + ".");
        } else {
            RowView.print(sluice, headings, rows);
        }
    }

    /** The columns in which equal values have equal masks. */
    static List<String> joinable(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(candidate ->
                        candidate.mask() != null && candidate.mask().kind() != MaskKind.REDACT)
                .map(Column::name)
                .toList();
    }

    /** Whom rows are about, by the name that the exercise gives it; null when there is no such column. */
    static @Nullable String usualSubject(PipelineSpec spec) {
        return RowView.headings(spec).contains(USUAL_SUBJECT) ? USUAL_SUBJECT : null;
    }

    private List<String> columns(PipelineSpec spec) {
        if (column == null) {
            return joinable(spec);
        }
        if (!joinable(spec).contains(column)) {
            throw new ParameterException(
                    sluice.command.commandLine(), "--column: one of " + joinable(spec) + " was expected");
        }
        return List.of(column);
    }

    private @Nullable String subject(PipelineSpec spec) {
        if (by != null && !RowView.headings(spec).contains(by)) {
            throw new ParameterException(
                    sluice.command.commandLine(), "--by: one of " + RowView.headings(spec) + " was expected");
        }
        return by == null ? usualSubject(spec) : by;
    }
}
