package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.bruteforce.CandidateSpace;
import dev.sluice.recovery.bruteforce.HashMigration;
import dev.sluice.recovery.rewrap.KeyRewrap;
import dev.sluice.recovery.rewrap.RewrapReport;
import dev.sluice.recovery.rewrap.RewrapReport.Remaining;
import dev.sluice.recovery.rewrap.RewrapReport.Unchanged;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice rewrap}. */
@Command(
        name = "rewrap",
        header = "Replaces stored tokens of older keys, or plain SHA-256 hashes, with tokens of the primary key.",
        description = {
            "Without --from: replaces every token of a deterministic-aead column that another key than the primary one made,"
                    + " and reseals the pipeline's originals in the quarantine. Keyed hashes cannot be reversed, and stay.",
            "",
            "With --from sha256: replaces every hash of an IPv4 address or a number ddd-dd-dddd, found by trying all of"
                    + " them.",
            "",
            "Runs beside workers, locks rows only briefly, and can be stopped, killed and run again. What cannot be"
                    + " decrypted or found is reported, counted and not changed (exit code 65)."
        },
        footer = {
            "Examples:",
            "  sluice rewrap --rows-per-second 5000   limit the load",
            "  sluice rewrap --column masked_ip       one column, without the quarantine",
            "  sluice rewrap --from sha256 --network 10.0.0.0/8"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
public final class RewrapCommand extends CliCommand implements Callable<Integer> {

    /** What the table holds, other than tokens. */
    enum From {
        sha256
    }

    @Option(names = "--column", paramLabel = "COLUMN", description = "Only this column (all that can be rewrapped).")
    @Nullable
    String column;

    @Option(
            names = "--rows-per-second",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rows per second, over all threads (no limit).")
    long rowsPerSecond;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Number of threads, each with a connection (one per processor).")
    int parallel = Runtime.getRuntime().availableProcessors();

    @Option(names = "--from", paramLabel = "sha256", description = "The table holds plain SHA-256 hashes.")
    @Nullable
    From from;

    @Option(
            names = "--space",
            paramLabel = "SPACE",
            description = "With --from: what to try, ipv4 (columns with 'as: ip') or ddd-dd-dddd (other columns).")
    @Nullable
    String space;

    @Option(names = "--network", paramLabel = "CIDR", description = "With --from: try only this part of ipv4.")
    @Nullable
    String network;

    @Option(
            names = "--max-hashes",
            paramLabel = "N",
            description = "Distinct hashes at once, 18 bytes each (a quarter of the heap).")
    long maxHashes = HashMigration.maxHashesInHeap();

    @Override
    public Integer call() {
        requireAtLeast(0, rowsPerSecond, "--rows-per-second");
        requireAtLeast(1, parallel, "--parallel");
        requireAtLeast(1, maxHashes, "--max-hashes");
        if (from == null && (space != null || network != null)) {
            throw usageError("--space and --network require --from");
        }
        Assembly assembly = assembly();
        if (from != null && assembly.spec().tenants() != null) {
            throw usageError("--from: a hash does not tell its tenant, whose key it would get (keys: by)");
        }
        List<Column> columns = columns(assembly.spec());
        Map<String, CandidateSpace> spaces = from == null ? Map.of() : spaces(columns);
        try (Database database = Database.open(assembly.settings().database(), parallel);
                Progress progress = new Progress(console())) {
            Keysets keysets = assembly.keysetsFor(database);
            ShutdownSignal stop = shutdownSignal("stopping after the pages in progress; a second signal ends at once");
            WorkerPool pool = new WorkerPool(parallel, stop, progress);
            RateLimiter limiter = new RateLimiter(rowsPerSecond);
            RewrapReport report;
            if (from == null) {
                reportKeyedHashes(assembly.spec(), keysets);
                report = new KeyRewrap(database, assembly.spec(), keysets, columns, column == null).run(pool, limiter);
            } else {
                report = new HashMigration(database, assembly.spec(), keysets, spaces, maxHashes).run(pool, limiter);
            }
            progress.end();
            return print(report);
        }
    }

    private List<Column> columns(PipelineSpec spec) {
        List<Column> able = from == null ? KeyRewrap.columns(spec) : HashMigration.columns(spec);
        if (able.isEmpty()) {
            throw usageError("pipeline " + spec.name() + " has no column that can be rewrapped");
        }
        if (column == null) {
            return able;
        }
        requireOneOf(able.stream().map(Column::name).toList(), column, "--column");
        return able.stream().filter(each -> each.name().equals(column)).toList();
    }

    private Map<String, CandidateSpace> spaces(List<Column> columns) {
        try {
            return columns.stream()
                    .collect(Collectors.toMap(Column::name, each -> CandidateSpace.of(each, space, network)));
        } catch (IllegalArgumentException wrong) {
            throw usageError("--space must be ipv4 or ddd-dd-dddd, --network an IPv4 network such as 198.51.100.0/24");
        }
    }

    /** The caller has promoted a key, perhaps one for such a column too. */
    private void reportKeyedHashes(PipelineSpec spec, Keysets keysets) {
        spec.columns().stream()
                .filter(each -> each.mask() != null && each.mask().kind() == MaskKind.KEYED_HASH)
                .filter(each -> formerKeys(keysets, Masks.field(spec.name(), each.name())) > 0)
                .forEach(each -> report("column " + each.name()
                        + " holds keyed hashes, which cannot be reversed: they stay under their present key"));
    }

    private static long formerKeys(Keysets keysets, String field) {
        Set<String> tenants = keysets.tenants();
        return keysets.list().stream()
                .filter(key -> key.field().equals(field) && !key.primary())
                .filter(key -> key.tenant() == null || tenants.contains(key.tenant()))
                .count();
    }

    private int print(RewrapReport report) {
        for (Unchanged values : report.unchanged()) {
            report(Counted.of(values.count(), "value") + " of " + values.column() + " stay as they are, "
                    + values.reason() + ", such as " + String.join(", ", values.examples()));
        }
        print(json(report), text(report));
        return report.isComplete() && !report.unchanged().isEmpty() ? ExitCode.DATA : ExitCode.DONE;
    }

    private static String text(RewrapReport report) {
        String done = "rewrapped " + report.rows() + " rows and " + report.originals() + " originals in "
                + report.passes() + " passes";
        Remaining remaining = report.remaining();
        if (remaining != null) {
            return done + "; stopped with " + (remaining.isExact() ? "" : "at least ") + remaining.rows()
                    + " rows left; run it again to continue";
        }
        long left = report.unchanged().stream().mapToLong(Unchanged::count).sum();
        return done + "; " + (left == 0 ? "nothing is left" : left + " values stay as they are");
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
                        report.unchanged().stream().map(RewrapCommand::json).toList())
                .put("remaining", remaining == null ? null : remaining.rows())
                .put("remaining_exact", remaining == null ? null : remaining.isExact());
    }

    private static JsonLine json(Unchanged values) {
        return new JsonLine()
                .put("column", values.column())
                .put("why", values.reason())
                .put("values", values.count())
                .put("places", values.examples());
    }
}
