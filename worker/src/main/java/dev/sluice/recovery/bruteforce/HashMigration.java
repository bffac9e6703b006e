package dev.sluice.recovery.bruteforce;

import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.schema.TargetTable;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import dev.sluice.recovery.rewrap.PageCursor;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.recovery.rewrap.Partition;
import dev.sluice.recovery.rewrap.Passes;
import dev.sluice.recovery.rewrap.Replacement;
import dev.sluice.recovery.rewrap.RewrapReport;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Migrates a table of plain SHA-256 hashes: collects the distinct hashes, tries every text of their candidate spaces once,
 * and replaces each hash that was found by the pipeline's token of the text. May be killed at any time and called again;
 * it skips what is already replaced. Used once.
 */
public final class HashMigration {

    /** A quarter of the heap for the index, which takes twice as much at its peak; pages need room too. */
    private static final int HEAP_PART = 4;

    private static final int PAGE_BLOCKS = 64;

    private final Database database;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final Map<String, CandidateSpace> spaces;
    private final long maxHashes;

    /**
     * @param database with a connection for each thread
     * @param spaces the candidates for a column's values, by its name; columns of {@link #columns}
     * @param maxHashes distinct hashes to find per space
     */
    public HashMigration(
            Database database, PipelineSpec spec, Keysets keysets, Map<String, CandidateSpace> spaces, long maxHashes) {
        this.database = database;
        this.spec = spec;
        this.keysets = keysets;
        this.spaces = new LinkedHashMap<>(spaces);
        this.maxHashes = maxHashes;
    }

    /** The columns of a pipeline whose masks a stranger cannot compute, those with keys, and whose values can be tried. */
    public static List<Column> columns(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column -> column.mask() != null
                        && column.mask().kind().keyed()
                        && CandidateSpace.covers(column.mask().form()))
                .toList();
    }

    /** How many distinct hashes fit into this JVM's heap. */
    public static long maxHashesInHeap() {
        return Runtime.getRuntime().maxMemory() / HEAP_PART / HashIndex.BYTES_PER_HASH;
    }

    /**
     * Blocks until every hash that was found is replaced, or until stopped.
     *
     * @throws InfrastructureException CONFIG if the table cannot hold the pipeline's tokens or has too many hashes; else if
     *     the database is away, or does not permit it
     */
    public RewrapReport run(WorkerPool pool, RateLimiter limiter) {
        requireFit();
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.copyOf(spaces.keySet()), List.of());
        Map<CandidateSpace, HashIndex> indexes = collect(pool);
        indexes.forEach((space, index) -> search(space, index, pool));
        List<Replacement> replacements = columns(spec).stream()
                .filter(column -> spaces.containsKey(column.name()))
                .map(column -> replacement(column, indexes))
                .toList();
        RewrapReport report = new Passes(database, spec, replacements, pool, limiter).run();
        audit.rewrapEnded(begun, report.audited());
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

    private Map<CandidateSpace, HashIndex> collect(WorkerPool pool) {
        Map<CandidateSpace, HashIndex.Builder> builders = new LinkedHashMap<>();
        spaces.values().forEach(space -> builders.putIfAbsent(space, new HashIndex.Builder(maxHashes)));
        new PageCursor(Partition.of(database, spec.sink()), Map.of(), PAGE_BLOCKS)
                .forEach(
                        pool,
                        page -> spaces.forEach((column, space) ->
                                Objects.requireNonNull(builders.get(space)).addAll(hashes(column, page))));
        Map<CandidateSpace, HashIndex> indexes = new LinkedHashMap<>();
        builders.forEach((space, builder) -> indexes.put(space, builder.build()));
        return indexes;
    }

    private List<Long> hashes(String column, Page page) {
        String text = Identifiers.quoted(column) + "::text";
        String sql = "SELECT " + text + " FROM ONLY " + page.partition().name()
                + " WHERE ctid >= ?::tid AND ctid < ?::tid AND " + HashReplacement.isHash(text);
        return database.transact("read hashes of table " + page.partition().name(), connection -> Query.of(
                        connection, sql, page.fromTid(), page.toTid())
                .list(row -> HashIndex.key(HexFormat.of().parseHex(row.getString(1)))));
    }

    private static void search(CandidateSpace space, HashIndex index, WorkerPool pool) {
        if (index.size() == 0 || pool.stop().isRequested()) {
            return;
        }
        long began = System.nanoTime();
        long tried = new BruteForceSearch(space, HashAlgorithm.SHA256, index, TrialOrder.ascending(space.size()))
                .run(pool, "hashes of " + space.label(), () -> false);
        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        pool.listener()
                .noted("found " + index.found() + " of " + index.size() + " distinct hashes among " + tried + " of "
                        + space.size() + " " + space.label() + ", in " + seconds + " s");
    }

    private Replacement replacement(Column column, Map<CandidateSpace, HashIndex> indexes) {
        CandidateSpace space = Objects.requireNonNull(spaces.get(column.name()));
        return new HashReplacement(
                column.name(),
                Objects.requireNonNull(Mappers.mask(spec, column, keysets)),
                space,
                Objects.requireNonNull(indexes.get(space)));
    }
}
