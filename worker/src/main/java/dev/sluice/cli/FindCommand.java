package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.Header;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import dev.sluice.recovery.unmask.ValueLookup;
import dev.sluice.recovery.unmask.ValueLookup.Found;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice find}. What is looked for is a clear value, so nothing here quotes it. */
@Command(
        name = "find",
        header = "Looks a clear value up: its tokens under every key, and the rows that hold one.",
        description = {
            "",
            "That confirms a guess, so it is audited like a recovery and counts as one value of the day. Give the value as -",
            "and type or pipe it in: other users of this machine can read a command line.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice find --ip - --reason INCIDENT --ticket CASE-7",
            "  sluice find --column masked_device_id - --reason DSAR --ticket CASE-8 < device.txt"
        })
final class FindCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Option(
            names = "--ip",
            paramLabel = "ADDRESS|-",
            description = "An address, in every column that holds some; - reads it from standard input.")
    @Nullable
    String ip;

    @Option(names = "--column", paramLabel = "COLUMN", description = "Look for VALUE in this masked column.")
    @Nullable
    String column;

    @Parameters(
            arity = "0..*",
            paramLabel = "VALUE|-",
            description = "With --column: the value; - reads it from standard input.")
    List<String> values = new ArrayList<>();

    @Mixin
    PurposeOptions purpose;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "10", description = "Rows (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public Integer call() {
        Purpose why = purpose.purpose();
        if (limit < 0) {
            throw wrong("--limit: 0 or more was expected");
        }
        Assembly assembly = sluice.assembly();
        List<String> columns = columns(assembly.spec());
        String value = value();
        try (Database database = assembly.database()) {
            ValueLookup find = new ValueLookup(
                    assembly.spec(),
                    assembly.keysetsFor(database),
                    new RecoveryPolicy(database, assembly.spec().name()),
                    new TableReader(database, assembly.spec()));
            Map<String, List<String>> tokens = find.tokens(columns, value);
            if (tokens.isEmpty()) {
                throw wrong("the value is not of the form that the column asks for");
            }
            return print(find.find(why, tokens, limit));
        }
    }

    private List<String> columns(PipelineSpec spec) {
        if (ip == null && column != null) {
            if (!ValueLookup.searchable(spec).contains(column)) {
                throw wrong("--column: the pipeline's columns that are masked with a key are "
                        + String.join(", ", ValueLookup.searchable(spec)));
            }
            return List.of(column);
        }
        if (ip == null || column != null || !values.isEmpty()) {
            throw wrong("--ip ADDRESS, or --column COLUMN and VALUE, was expected");
        }
        if (ValueLookup.addresses(spec).isEmpty()) {
            throw wrong("--ip: the pipeline has no column of addresses that is masked with a key");
        }
        return ValueLookup.addresses(spec);
    }

    private String value() {
        if (ip == null && values.size() != 1) {
            throw wrong("one VALUE was expected");
        }
        String given = ip == null ? values.getFirst() : ip;
        return given.equals("-") ? firstLine() : given;
    }

    private String firstLine() {
        try (Reader text = MessageFile.utf8(sluice.console().in());
                BufferedReader lines = new BufferedReader(text)) {
            return Objects.requireNonNullElse(lines.readLine(), "");
        } catch (IOException | UncheckedIOException e) {
            throw wrong("standard input cannot be read as UTF-8 text");
        }
    }

    private int print(Found found) {
        return switch (found) {
            case Found.Rows rows -> {
                print(rows.tokens(), rows.rows());
                yield ExitCode.DONE;
            }
            case Denied denied -> {
                sluice.console().err().println("sluice: denied: " + denied.explanation());
                yield ExitCode.NOT_PERMITTED;
            }
        };
    }

    private void print(Map<String, List<String>> tokens, RowSample rows) {
        List<String> names = rows.columns().stream().map(Header::name).toList();
        if (sluice.json()) {
            sluice.console()
                    .out()
                    .println(new JsonLine()
                            .put("tokens", tokens)
                            .put(
                                    "rows",
                                    rows.rows().stream()
                                            .map(row -> members(names, row))
                                            .toList()));
            return;
        }
        // In full, unlike in the rows: they are what the caller goes on with.
        TextTable table = new TextTable(false, "column", "token");
        tokens.forEach((name, candidates) -> candidates.forEach(token -> table.add(List.of(name, token))));
        table.print(sluice.console().out());
        sluice.console().out().println();
        if (rows.rows().isEmpty()) {
            sluice.console().out().println("No row holds one of them.");
        } else {
            RowView.print(sluice, names, rows.rows());
        }
    }

    private static Map<String, @Nullable String> members(List<String> names, List<@Nullable String> row) {
        Map<String, @Nullable String> members = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            members.put(names.get(i), row.get(i));
        }
        return members;
    }

    private ParameterException wrong(String what) {
        return new ParameterException(sluice.command.commandLine(), what);
    }
}
