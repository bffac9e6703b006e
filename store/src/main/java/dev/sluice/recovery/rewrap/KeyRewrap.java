package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.encoding.Digests;
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
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The last step of key rotation: moves every token of a pipeline's table to the primary key of its column, and sealed
 * originals to theirs. May be killed at any time and called again, and runs beside workers and other rewraps: it touches
 * only what is not under the primary key, and only while the old value is still the one it read. Used once.
 */
public final class KeyRewrap {

    /** Bytes that distinguish two states of a keyset file. */
    private static final int DIGEST_BYTES = 4;

    private final Database database;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final List<Column> columns;
    private final boolean includesOriginals;

    /**
     * @param database with a connection for each thread
     * @param columns masked by {@link MaskKind#DETERMINISTIC_AEAD}
     * @param includesOriginals whether the pipeline's originals in the quarantine are sealed again too
     */
    public KeyRewrap(
            Database database, PipelineSpec spec, Keysets keysets, List<Column> columns, boolean includesOriginals) {
        this.database = database;
        this.spec = spec;
        this.keysets = keysets;
        this.columns = List.copyOf(columns);
        this.includesOriginals = includesOriginals;
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
     * @throws KeysException if a column has no keys
     * @throws dev.sluice.failure.InfrastructureException if the database is away, or does not permit it
     */
    public RewrapReport run(WorkerPool pool, RateLimiter limiter) {
        List<Replacement> replacements = columns.stream()
                .<Replacement>map(column -> new KeyReplacement(spec, column, keysets))
                .toList();
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.of(), goal());
        Checkpoint checkpoint = new Checkpoint(database, spec.name(), String.join(" ", goal()));
        OriginalsRewrap quarantine = includesOriginals ? new OriginalsRewrap(database, spec.name(), keysets) : null;
        RewrapReport report = new Passes(database, spec, replacements, pool, limiter).run(checkpoint, quarantine);
        audit.rewrapEnded(begun, report.audited());
        return report;
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
