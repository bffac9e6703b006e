package dev.sluice.recovery.bruteforce;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.MaskSpec;
import dev.sluice.mask.Masks;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.schema.TargetTable;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import dev.sluice.recovery.rewrap.BlockRange;
import dev.sluice.recovery.rewrap.Ends;
import dev.sluice.recovery.rewrap.PageCursor;
import dev.sluice.recovery.rewrap.PageRewrite;
import dev.sluice.recovery.rewrap.Partitions;
import dev.sluice.recovery.rewrap.Passes;
import dev.sluice.recovery.rewrap.ProgressListener;
import dev.sluice.recovery.rewrap.RateLimit;
import dev.sluice.recovery.rewrap.Replacement;
import dev.sluice.recovery.rewrap.RewrapReport;
import dev.sluice.recovery.rewrap.WorkerPool;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes over a table that somebody filled with plain SHA-256: collects the distinct hashes, tries every text of their
 * spaces once, and replaces each hash that was found by the pipeline's token of the text. May be killed at any time and
 * called again; what was replaced by then is not looked for again. Used once.
 */
public final class HashMigration {

    /** Of the heap: the index takes twice as much at its peak, and pages need room too. */
    private static final int HEAP_PART = 4;

    private static final int PAGE_BLOCKS = 64;

    private final Database database;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final Map<String, CandidateSpace> spaces;
    private final long maxHashes;

    /**
     * @param database with a connection for each thread
     * @param spaces by the column's name, what its values are of; columns of {@link #columns}
     * @param maxHashes distinct hashes of one space that are looked for at once
     */
    public HashMigration(
            Database database, PipelineSpec spec, Keysets keysets, Map<String, CandidateSpace> spaces, long maxHashes) {
        this.database = database;
        this.spec = spec;
        this.keysets = keysets;
        this.spaces = new LinkedHashMap<>(spaces);
        this.maxHashes = maxHashes;
    }

    /** The columns of a pipeline whose masks a stranger cannot make: those with keys. */
    public static List<Column> columns(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind().keyed())
                .toList();
    }

    /** How many distinct hashes this Java's heap has room for. */
    public static long mostHashes() {
        return Runtime.getRuntime().maxMemory() / HEAP_PART / HashIndex.BYTES_PER_HASH;
    }

    /**
     * What a column's values are of.
     *
     * @param column of {@link #columns}
     * @param label a space's; null to go by the mask's form
     * @param network for IPv4, a part of it in CIDR; null for all
     * @throws IllegalArgumentException when one of them is none
     */
    public static CandidateSpace space(Column column, @Nullable String label, @Nullable String network) {
        boolean addresses = label == null
                ? mask(column).form() == CanonicalForm.IP
                : label.equals(CandidateSpace.ipv4().label());
        if (addresses) {
            return network == null
                    ? CandidateSpace.ipv4()
                    : CandidateSpace.network(network).orElseThrow(IllegalArgumentException::new);
        }
        if (label != null
                && (network != null || !label.equals(CandidateSpace.numbers().label()))) {
            throw new IllegalArgumentException();
        }
        return CandidateSpace.numbers();
    }

    /**
     * Blocks until every hash that was found is replaced, or until stopped.
     *
     * @throws InfrastructureException CONFIG when the table does not take the pipeline's tokens or holds too many hashes;
     *     else when the database is away, or does not let the user do it
     */
    public RewrapReport run(RateLimit pace, ShutdownSignal stop, ProgressListener watcher) {
        requireFit();
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.copyOf(spaces.keySet()), List.of());
        Map<CandidateSpace, HashIndex> indexes = collect(pace, stop, watcher);
        indexes.forEach((space, index) -> look(space, index, pace, stop, watcher));
        List<Replacement> replacements = spaces.entrySet().stream()
                .map(entry -> replacement(entry.getKey(), entry.getValue(), indexes))
                .toList();
        RewrapReport report = new Passes(database, spec, replacements, pace, stop, watcher).run(null, null);
        audit.rewrapEnded(begun, Ends.of(report));
        return report;
    }

    // A column that was made for hashes may be too narrow for tokens.
    private void requireFit() {
        String problems = new TargetTable(spec)
                .differences(database).stream()
                        .filter(problem -> problem.kind() == Kind.CONFIG)
                        .map(Finding::message)
                        .collect(Collectors.joining("; "));
        if (!problems.isEmpty()) {
            throw new InfrastructureException(Kind.CONFIG, problems);
        }
    }

    private Map<CandidateSpace, HashIndex> collect(RateLimit pace, ShutdownSignal stop, ProgressListener watcher) {
        Map<CandidateSpace, HashCollection> collections = new LinkedHashMap<>();
        Set.copyOf(spaces.values()).forEach(space -> collections.put(space, new HashCollection(maxHashes)));
        PageCursor pages = new PageCursor(Partitions.of(database, spec.sink()), Map.of(), PAGE_BLOCKS);
        watcher.began("blocks", pages.total());
        new WorkerPool(pace.threads(), stop)
                .run(() -> collect(pages, collections), () -> watcher.reached(pages.done()));
        Map<CandidateSpace, HashIndex> indexes = new LinkedHashMap<>();
        collections.forEach((space, collection) -> indexes.put(space, new HashIndex(collection.distinct())));
        return indexes;
    }

    private boolean collect(PageCursor pages, Map<CandidateSpace, HashCollection> collections) {
        BlockRange page = pages.next();
        if (page == null) {
            return false;
        }
        List<Hash> hashes =
                database.transact("read hashes of table " + page.leaf().name(), connection -> {
                    List<Hash> found = new ArrayList<>();
                    for (Map.Entry<String, CandidateSpace> column : spaces.entrySet()) {
                        String name = Identifiers.quoted(column.getKey()) + "::text";
                        try (PreparedStatement statement = connection.prepareStatement("SELECT " + name + " FROM ONLY "
                                + page.leaf().name() + " WHERE ctid >= ?::tid AND ctid < ?::tid AND "
                                + HashReplacement.hashes(name))) {
                            PageRewrite.bind(statement, 1, page);
                            ResultSet rows = statement.executeQuery();
                            while (rows.next()) {
                                byte[] hash = HexFormat.of().parseHex(rows.getString(1));
                                found.add(new Hash(column.getValue(), HashIndex.key(hash)));
                            }
                        }
                    }
                    return found;
                });
        hashes.forEach(
                hash -> Objects.requireNonNull(collections.get(hash.space)).add(hash.key));
        pages.finished(page);
        return true;
    }

    private static void look(
            CandidateSpace space, HashIndex index, RateLimit pace, ShutdownSignal stop, ProgressListener watcher) {
        if (index.size() == 0 || stop.isRequested()) {
            return;
        }
        watcher.began("hashes of " + space.label(), space.size());
        long began = System.nanoTime();
        long tried = new BruteForceSearch(space, HashAlgorithm.SHA256, index, BruteForceSearch.Order.ascending())
                .run(pace.threads(), stop, () -> false, watcher::reached);
        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        watcher.noted("found " + index.found() + " of " + index.size() + " distinct hashes among " + tried + " of "
                + space.size() + " " + space.label() + ", in " + seconds + " s");
    }

    private Replacement replacement(String column, CandidateSpace space, Map<CandidateSpace, HashIndex> indexes) {
        Column specified = columns(spec).stream()
                .filter(candidate -> candidate.name().equals(column))
                .findFirst()
                .orElseThrow();
        return new HashReplacement(
                column,
                Masks.of(mask(specified), spec.name(), column, keysets),
                space,
                Objects.requireNonNull(indexes.get(space)));
    }

    private static MaskSpec mask(Column column) {
        return Objects.requireNonNull(column.mask());
    }

    private record Hash(CandidateSpace space, long key) {}
}
