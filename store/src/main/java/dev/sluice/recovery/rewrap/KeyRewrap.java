package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.ProgressListener;
import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.encoding.Digests;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last step of key rotation: moves every token of a pipeline's table to the primary key of its column, and sealed
 * originals to theirs. May be killed at any time and called again, and runs beside workers and other rewraps: it touches
 * only what is not under the primary key, and only while the old value is still the one it read. Thread-safe;
 * {@link #run} is called once.
 */
public final class KeyRewrap {

    /** Bytes that distinguish two states of a keyset file. */
    private static final int DIGEST_BYTES = 4;

    private final Database database;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final List<Column> columns;
    private final List<Replacement> replacements;
    private final boolean includesOriginals;

    /**
     * @param database with a connection for each thread
     * @param columns masked by {@link MaskKind#DETERMINISTIC_AEAD}
     * @param includesOriginals whether the pipeline's originals in the quarantine are sealed again too
     * @throws KeysException if a column has no keys
     */
    public KeyRewrap(
            Database database, PipelineSpec spec, Keysets keysets, List<Column> columns, boolean includesOriginals) {
        this.database = database;
        this.spec = spec;
        this.keysets = keysets;
        this.columns = List.copyOf(columns);
        this.includesOriginals = includesOriginals;
        this.replacements = columns.stream()
                .<Replacement>map(column -> new KeyReplacement(spec, column, keysets))
                .toList();
    }

    /** The columns of a pipeline whose tokens can be moved to another key. */
    public static List<Column> columns(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind() == MaskKind.DETERMINISTIC_AEAD)
                .toList();
    }

    /**
     * Blocks until everything that can be moved is under the primary keys, or until stopped; what is done stays done.
     *
     * @throws KeysException if the originals are included and have no keys
     * @throws dev.sluice.failure.InfrastructureException if the database is away, or does not permit it
     */
    public RewrapReport run(WorkerPool pool, RateLimiter limiter) {
        return rewrap(
                new LocalPages(database, replacements, pool, limiter), null, pool.stop(), pool.listener(), limiter);
    }

    /**
     * The same, with the rows rewritten on other hosts, by calls of {@link #rewrite}. The audit, the progress and the
     * originals are this call's.
     *
     * @param id of this call, and of the others
     * @param stop ends the work between two pages
     * @param limiter of the originals; {@code runner} limits the rows
     */
    public RewrapReport run(
            PageRunner runner, UUID id, ShutdownSignal stop, ProgressListener listener, RateLimiter limiter) {
        return rewrap(runner, new RewrittenRows(id), stop, listener, limiter);
    }

    private RewrapReport rewrap(
            PageRunner runner,
            @Nullable RewrittenRows rewritten,
            ShutdownSignal stop,
            ProgressListener listener,
            RateLimiter limiter) {
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.of(), goal());
        Checkpoint checkpoint = new Checkpoint(database, spec.name(), String.join(" ", goal()));
        OriginalsRewrap quarantine = includesOriginals ? new OriginalsRewrap(database, spec.name(), keysets) : null;
        RewrapReport report =
                new Passes(database, spec, replacements, runner, stop, listener, limiter).run(checkpoint, quarantine);
        if (rewritten != null) {
            report = report.withRows(rewritten.take(database));
        }
        audit.rewrapEnded(begun, report.audited());
        return report;
    }

    /**
     * Rewrites a page of any size, in short transactions: the part of {@link #run} that another host may take over. May be
     * called again for the same page, also at the same time. Writes no audit entry.
     *
     * @param id of the {@link #run}
     * @return what this call found and did
     * @throws dev.sluice.failure.InfrastructureException as {@link #run}; what is committed stays
     */
    public PageCounts rewrite(Page page, UUID id, RateLimiter limiter) {
        PassCounters counters = new PassCounters();
        PageRewrite rewrite = new PageRewrite(database, replacements, counters, new RewrittenRows(id));
        ShutdownSignal interrupted = new ShutdownSignal();
        int step = LocalPages.pageBlocks(limiter);
        for (long from = page.from(); from < page.to(); from += step) {
            long rows = rewrite.run(new Page(page.partition(), from, Math.min(from + step, page.to())));
            if (interrupted.await(limiter.delayAfter(rows))) {
                throw new IllegalStateException("interrupted");
            }
        }
        return counters.counts();
    }

    /** Each field with the key that it moves to; see migration V22 for the keys of many tenants. */
    private List<String> goal() {
        Stream<String> fields = columns.stream().map(column -> Masks.field(spec.name(), column.name()));
        return Stream.concat(fields, includesOriginals ? Stream.of(Keysets.QUARANTINE) : Stream.empty())
                .map(field ->
                        spec.tenants() == null ? field + ":" + primary(field) : field + "@" + primaryOfTenants(field))
                .toList();
    }

    private String primary(String field) {
        return primaryKeys(field)
                .filter(key -> key.tenant() == null)
                .map(KeyInfo::hexId)
                .findFirst()
                .orElseThrow(() -> new KeysException("no key for '" + field
                        + "': restore the keyset file from a backup; for a new column, run 'sluice keys create'"));
    }

    private String primaryOfTenants(String field) {
        List<String> ids = primaryKeys(field)
                .filter(key -> key.tenant() != null)
                .map(KeyInfo::hexId)
                .sorted()
                .toList();
        byte[] digest = Digests.sha256(String.join(" ", ids).getBytes(StandardCharsets.US_ASCII));
        return ids.size() + ":" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    }

    private Stream<KeyInfo> primaryKeys(String field) {
        return keysets.list().stream().filter(key -> key.field().equals(field) && key.primary());
    }
}
