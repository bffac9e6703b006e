package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.bruteforce.CandidateSpace;
import dev.sluice.recovery.bruteforce.HashMigration;
import dev.sluice.recovery.rewrap.KeyRewrap;
import dev.sluice.recovery.rewrap.RateLimiter;
import dev.sluice.recovery.rewrap.RewrapReport;
import dev.sluice.recovery.rewrap.RewrapReport.Remaining;
import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import dev.sluice.recovery.rewrap.WorkerPool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice rewrap}. */
@Command(
        name = "rewrap",
        header = "Brings stored values under today's keys: tokens of older keys, or plain SHA-256.",
        description = {
            "",
            "Without --from: every token of a deterministic-aead column that another key than the primary one made, and",
            "the pipeline's originals in the quarantine. Keyed hashes cannot be turned back, and stay.",
            "With --from sha256: every hash of an IPv4 address or a number ddd-dd-dddd, found by trying all of them.",
            "Goes on beside a running worker, holds rows for moments, and may be stopped, killed and called again. What",
            "cannot be opened is told, counted and left as it is (exit 65).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice rewrap --rows-per-second 5000        gently",
            "  sluice rewrap --column masked_ip            one column, without the quarantine",
            "  sluice rewrap --from sha256 --network 10.0.0.0/8"
        })
final class RewrapCommand implements Callable<Integer> {

    /** What a table may be filled with. */
    enum From {
        sha256
    }

    @ParentCommand
    Sluice sluice;

    @Option(names = "--column", paramLabel = "COLUMN", description = "This column only (all that can be).")
    @Nullable
    String column;

    @Option(
            names = "--rows-per-second",
            paramLabel = "N",
            defaultValue = "0",
            description = "At most so many rows, over all threads (as fast as it goes).")
    long rowsPerSecond;

    @Option(names = "--parallel", paramLabel = "N", description = "Threads, each with a connection (one a processor).")
    int parallel = Runtime.getRuntime().availableProcessors();

    @Option(names = "--from", paramLabel = "sha256", description = "The table was filled with plain SHA-256.")
    @Nullable
    From from;

    @Option(
            names = "--space",
            paramLabel = "SPACE",
            description = "What to try, with --from: ipv4 (columns 'as: ip') or ddd-dd-dddd (others).")
    @Nullable
    String space;

    @Option(names = "--network", paramLabel = "CIDR", description = "Try this part of ipv4 only, with --from.")
    @Nullable
    String network;

    @Option(
            names = "--max-hashes",
            paramLabel = "N",
            description = "Distinct hashes at once, 16 bytes each (a quarter of the heap).")
    long maxHashes = HashMigration.maxHashesInHeap();

    @Override
    public Integer call() {
        if (rowsPerSecond < 0 || parallel < 1 || maxHashes < 1) {
            throw usage("--rows-per-second: 0 or more, --parallel, --max-hashes: 1 or more was expected");
        }
        if (from == null && (space != null || network != null)) {
            throw usage("--space and --network have a meaning with --from only");
        }
        Assembly assembly = sluice.assembly();
        List<Column> columns = columns(assembly.spec());
        Map<String, CandidateSpace> spaces = from == null ? Map.of() : spaces(columns);
        ShutdownSignal stop = new ShutdownSignal();
        try (Database database = Database.open(assembly.settings().database(), parallel);
                ProgressView view = new ProgressView(sluice.console())) {
            Keysets keysets = assembly.keysetsFor(database);
            Signals.onStop(() -> stopping(stop));
            WorkerPool pool = new WorkerPool(parallel, stop, view);
            RateLimiter limiter = new RateLimiter(rowsPerSecond);
            if (from == null) {
                tellOfHashes(assembly.spec(), keysets);
                KeyRewrap rewrap = new KeyRewrap(database, assembly.spec(), keysets, columns, column == null);
                return print(rewrap.run(pool, limiter));
            }
            HashMigration migration = new HashMigration(database, assembly.spec(), keysets, spaces, maxHashes);
            return print(migration.run(pool, limiter));
        }
    }

    /** Asks before it tells: whoever reads standard error may have stopped reading. */
    private void stopping(ShutdownSignal stop) {
        stop.request();
        sluice.console().err().println("sluice: stopping after the pages in hand; a second signal ends at once");
    }

    private List<Column> columns(PipelineSpec spec) {
        List<Column> able = from == null ? KeyRewrap.columns(spec) : HashMigration.columns(spec);
        List<Column> chosen = able.stream()
                .filter(each -> column == null || each.name().equals(column))
                .toList();
        if (chosen.isEmpty() && column != null) {
            throw usage("--column: one of " + able.stream().map(Column::name).toList()
                    + " was expected; what another mask made cannot be rewrapped");
        }
        if (chosen.isEmpty()) {
            throw usage("pipeline " + spec.name() + " has no column that can be rewrapped");
        }
        return chosen;
    }

    private Map<String, CandidateSpace> spaces(List<Column> columns) {
        try {
            return columns.stream()
                    .collect(Collectors.toMap(Column::name, each -> CandidateSpace.of(each, space, network)));
        } catch (IllegalArgumentException wrong) {
            throw usage("--space: ipv4 or ddd-dd-dddd was expected; --network: a network of ipv4 as 198.51.100.0/24");
        }
    }

    /** Who calls this has promoted a key, perhaps one for such a column too. */
    private void tellOfHashes(PipelineSpec spec, Keysets keysets) {
        spec.columns().stream()
                .filter(each -> each.mask() != null && each.mask().kind() == MaskKind.KEYED_HASH)
                .filter(each -> keys(keysets, Masks.field(spec.name(), each.name())) > 1)
                .forEach(
                        each -> sluice.console()
                                .err()
                                .println(
                                        "sluice: column " + each.name()
                                                + " holds keyed hashes, which cannot be turned back: they stay under the key they have"));
    }

    private static long keys(Keysets keysets, String field) {
        return keysets.list().stream().map(KeyInfo::field).filter(field::equals).count();
    }

    private int print(RewrapReport report) {
        report.unchanged().forEach(this::complain);
        sluice.console().out().println(sluice.json() ? json(report) : text(report));
        return report.isComplete() && !report.unchanged().isEmpty() ? ExitCode.DATA : ExitCode.DONE;
    }

    private void complain(Unchanged values) {
        sluice.console()
                .err()
                .println("sluice: " + values.count() + " value(s) of " + values.column() + " stay as they are, "
                        + values.reason() + ", such as "
                        + String.join(", ", values.examples()));
    }

    private static String text(RewrapReport report) {
        String done = "rewrapped " + report.rows() + " rows and " + report.originals() + " originals in "
                + report.passes() + " passes";
        Remaining remaining = report.remaining();
        long left = report.unchanged().stream().mapToLong(Unchanged::count).sum();
        if (remaining == null) {
            return done + "; " + (left == 0 ? "nothing is left" : left + " values stay as they are");
        }
        return String.format(
                Locale.ROOT,
                "%s; stopped with %s%d rows left; call it again to go on",
                done,
                remaining.isExact() ? "" : "at least ",
                remaining.rows());
    }

    private static JsonLine json(RewrapReport report) {
        Remaining remaining = report.remaining();
        return new JsonLine()
                .put("complete", report.isComplete())
                .put("rows", report.rows())
                .put("originals", report.originals())
                .put("passes", report.passes())
                .put(
                        "left",
                        report.unchanged().stream().map(RewrapCommand::members).toList())
                .put("remaining", remaining == null ? null : remaining.rows())
                .put("remaining_exact", remaining == null ? null : remaining.isExact());
    }

    private static Map<String, Object> members(Unchanged values) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("column", values.column());
        members.put("why", values.reason());
        members.put("values", values.count());
        members.put("places", values.examples());
        return members;
    }

    private ParameterException usage(String message) {
        return new ParameterException(sluice.command.commandLine(), message);
    }
}
