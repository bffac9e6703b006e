package dev.sluice.recovery.rewrap;

import dev.sluice.bulk.RateLimiter;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Masks;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The last step of key rotation: moves every token of a pipeline's table to the primary key of its column, and sealed
 * originals to theirs. May be killed at any time and called again, and runs beside workers and other rewraps: it touches
 * only what is not under the primary key, and only while the old value is still the one it read. Used once.
 */
public final class KeyRewrap {

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
        List<Replacement> replacements = columns.stream().map(this::replacement).toList();
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.of(), goal());
        Checkpoint checkpoint = new Checkpoint(database, spec.name(), String.join(" ", goal()));
        OriginalsRewrap quarantine = includesOriginals
                ? new OriginalsRewrap(database, spec.name(), keysets, primary(Keysets.QUARANTINE))
                : null;
        RewrapReport report = new Passes(database, spec, replacements, pool, limiter).run(checkpoint, quarantine);
        audit.rewrapEnded(begun, report.audited());
        return report;
    }

    private Replacement replacement(Column column) {
        ReversibleMask mask = (ReversibleMask) Objects.requireNonNull(Mappers.mask(spec, column, keysets));
        return new KeyReplacement(column.name(), mask, primary(field(column)));
    }

    /** Each field with the key that it moves to. */
    private List<String> goal() {
        Stream<String> fields = columns.stream().map(this::field);
        return Stream.concat(fields, includesOriginals ? Stream.of(Keysets.QUARANTINE) : Stream.empty())
                .map(field -> field + ":" + primary(field).hexId())
                .toList();
    }

    private String field(Column column) {
        return Masks.field(spec.name(), column.name());
    }

    private KeyInfo primary(String field) {
        return keysets.list().stream()
                .filter(key -> key.field().equals(field) && key.primary())
                .findFirst()
                .orElseThrow(() -> new KeysException("no key for '" + field
                        + "': restore the keyset file from a backup; for a new column, run 'sluice keys create'"));
    }
}
