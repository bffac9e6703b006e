package dev.sluice.recovery.rewrap;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Key rotation's last step: brings every token of a pipeline's table under the primary key of its column, and sealed
 * originals under theirs. May be killed at any time and called again, beside workers and beside itself: only what is not
 * under the primary key is touched, and never without its old value being the one that was read. Used once.
 */
public final class KeyRewrap {

    private final Database database;
    private final PipelineSpec spec;
    private final Keysets keysets;
    private final List<Column> columns;
    private final boolean originalsToo;

    /**
     * @param database with a connection for each thread
     * @param columns masked by {@link MaskKind#DETERMINISTIC_AEAD}
     * @param originalsToo whether the pipeline's originals in the quarantine are sealed anew too
     */
    public KeyRewrap(
            Database database, PipelineSpec spec, Keysets keysets, List<Column> columns, boolean originalsToo) {
        this.database = database;
        this.spec = spec;
        this.keysets = keysets;
        this.columns = List.copyOf(columns);
        this.originalsToo = originalsToo;
    }

    /** The columns of a pipeline whose tokens can be brought under another key. */
    public static List<Column> columns(PipelineSpec spec) {
        return spec.columns().stream()
                .filter(column -> column.mask() != null && column.mask().kind() == MaskKind.DETERMINISTIC_AEAD)
                .toList();
    }

    /**
     * Blocks until nothing is left that can be brought under the primary keys, or until stopped; what is done stays done.
     *
     * @throws KeysException when a column has no keys
     * @throws dev.sluice.failure.InfrastructureException when the database is away, or does not let the user do it
     */
    public RewrapReport run(RateLimit pace, ShutdownSignal stop, ProgressListener watcher) {
        List<Replacement> replacements = columns.stream().map(this::replacement).toList();
        OperatorAudit audit = new OperatorAudit(database, spec);
        AuditHead begun = audit.rewrapBegins(List.of(), goal());
        Checkpoint checkpoint = new Checkpoint(database, spec.name(), String.join(" ", goal()));
        OriginalsRewrap originals =
                originalsToo ? new OriginalsRewrap(database, spec.name(), keysets, primary(Keysets.QUARANTINE)) : null;
        RewrapReport report = new Passes(database, spec, replacements, pace, stop, watcher).run(checkpoint, originals);
        audit.rewrapEnded(begun, Ends.of(report));
        return report;
    }

    private Replacement replacement(Column column) {
        ReversibleMask mask =
                (ReversibleMask) Masks.of(Objects.requireNonNull(column.mask()), spec.name(), column.name(), keysets);
        return new KeyReplacement(column.name(), mask, primary(field(column)));
    }

    /** What is brought under which key. */
    private List<String> goal() {
        Stream<String> fields = columns.stream().map(this::field);
        return Stream.concat(fields, originalsToo ? Stream.of(Keysets.QUARANTINE) : Stream.empty())
                .map(field -> field + ":" + primary(field).hexId())
                .collect(Collectors.toList());
    }

    private String field(Column column) {
        return Masks.field(spec.name(), column.name());
    }

    private KeyInfo primary(String field) {
        return keysets.list().stream()
                .filter(key -> key.field().equals(field) && key.primary())
                .findFirst()
                .orElseThrow(() -> new KeysException("no key for '" + field + "': run 'sluice keys create'"));
    }
}
