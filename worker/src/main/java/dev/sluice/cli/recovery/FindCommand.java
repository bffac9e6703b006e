package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.cli.run.ShowCommand;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import dev.sluice.recovery.unmask.ValueLookup;
import dev.sluice.recovery.unmask.ValueLookup.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice find}. The value to find is clear, so nothing here quotes it. */
@Command(
        name = "find",
        header = "Looks up a clear value: its tokens under every key, and the rows that hold one.",
        description =
                "A lookup confirms a guess, so it is audited like a recovery and counts towards the daily limit. Give the value"
                        + " as - and type or pipe it in: other users of this machine can read a command line.",
        footer = {
            "Examples:",
            "  sluice find --ip - --reason INCIDENT --ticket CASE-7",
            "  sluice find --column masked_device_id - --reason DSAR --ticket CASE-8"
        })
@CommandHelp(
        uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
        requires = {"--reason", "--ticket"})
public final class FindCommand extends CliCommand implements Callable<Integer> {

    @Option(
            names = "--ip",
            paramLabel = "ADDRESS|-",
            description = "Look for an IP address, in every column of addresses; - reads it from standard input.")
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
    TenantOption tenant;

    @Mixin
    PurposeOptions purpose;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "Maximum number of rows (${DEFAULT-VALUE}).")
    int limit;

    @Override
    public Integer call() {
        Purpose why = purpose.purpose();
        requireAtLeast(0, limit, "--limit");
        Assembly assembly = assembly();
        List<String> columns = columns(assembly.spec());
        String value = value();
        try (Database database = assembly.database()) {
            ValueLookup lookup = new ValueLookup(
                    assembly.spec(),
                    tenant.of(assembly.spec(), assembly.keysetsFor(database)),
                    new RecoveryPolicy(database, assembly.spec().name()),
                    new TableReader(database, assembly.spec()));
            Map<String, List<String>> tokens = lookup.tokens(columns, value);
            if (tokens.isEmpty()) {
                throw usageError("the value is not of the form that the column requires");
            }
            return switch (find(lookup, why, tokens)) {
                case Found.Rows rows -> {
                    print(rows.tokens(), rows.rows());
                    yield ExitCode.DONE;
                }
                case Denied denied -> denied(denied.explanation());
            };
        }
    }

    private Found find(ValueLookup lookup, Purpose why, Map<String, List<String>> tokens) {
        try (Progress progress = new Progress(console())) {
            progress.counting("blocks");
            return lookup.find(why, tokens, limit, (blocks, total) -> {
                progress.total(total);
                progress.reached(blocks);
            });
        }
    }

    private List<String> columns(PipelineSpec spec) {
        if (ip == null && column != null) {
            requireOneOf(ValueLookup.searchable(spec), column, "--column");
            return List.of(column);
        }
        if (ip == null || column != null || !values.isEmpty()) {
            throw usageError("either --ip ADDRESS, or --column COLUMN and VALUE, is required");
        }
        if (ValueLookup.addresses(spec).isEmpty()) {
            throw usageError("--ip: the pipeline has no column of addresses that is masked with a key");
        }
        return ValueLookup.addresses(spec);
    }

    private String value() {
        if (ip == null && values.size() != 1) {
            throw usageError("exactly one VALUE is required");
        }
        String given = ip == null ? values.getFirst() : ip;
        if (!given.equals("-")) {
            return given;
        }
        List<String> input = inputLines(1);
        return input.isEmpty() ? "" : input.getFirst();
    }

    private void print(Map<String, List<String>> tokens, RowSample rows) {
        Listing<List<@Nullable String>> listing = ShowCommand.rows(rows.columns());
        if (json()) {
            List<JsonLine> members = rows.rows().stream().map(listing::json).toList();
            out().println(new JsonLine().put("tokens", tokens).put("rows", members));
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        tokens.forEach((name, candidates) -> candidates.forEach(token -> lines.add(List.of(name, token))));
        Listing.ofRows(List.of("column", "token")).whole().print(program(), lines);
        out().println();
        if (rows.rows().isEmpty()) {
            out().println("No row holds one of them.");
        } else {
            listing.print(program(), rows.rows());
        }
    }
}
