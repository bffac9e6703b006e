package dev.sluice.recovery.replay;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.FieldProtection;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Remapper;
import dev.sluice.mapping.Weakening;
import dev.sluice.postgres.QuarantineReplay;
import dev.sluice.postgres.QuarantineReplay.Listener;
import dev.sluice.postgres.ReplayPlan;
import dev.sluice.postgres.ReplaySelection;
import dev.sluice.postgres.Sealing;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.table.Replayed;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replays the quarantine. Refuses to when today's pipeline would store a field with less protection than the one that sealed
 * the originals; writes to the audit before the first original is opened. Thread-safe.
 */
public final class AuditedReplay {

    private final PipelineSpec spec;
    private final QuarantineReplay replay;
    private final OperatorAudit audit;

    /** @param remapper compiled from {@code spec} */
    public AuditedReplay(Database database, PipelineSpec spec, Remapper remapper) {
        this(database, spec, remapper, new OperatorAudit(database, spec));
    }

    /**
     * @param remapper compiled from {@code spec}
     * @param audit names who asked for the replay
     */
    public AuditedReplay(Database database, PipelineSpec spec, Remapper remapper, OperatorAudit audit) {
        this.spec = spec;
        this.replay = new QuarantineReplay(database, spec, remapper);
        this.audit = audit;
    }

    /**
     * Replays the present entries. Blocks until done; a killed replay shows in the audit as not ended, and calling again
     * continues it. With nothing to replay there is no audit entry.
     *
     * @param ticket the case, of the form that {@link dev.sluice.recovery.unmask.Purpose#isTicket} checks
     * @param earlier earlier pipeline files, for originals that are not bound to their protection
     * @param accepted JSON pointers of fields that were not stored when originals were sealed and may be stored unmasked
     * @throws InfrastructureException CONFIG when the replay is refused, and as {@link QuarantineReplay#replay}
     */
    public Replayed replay(
            String ticket,
            ReplaySelection selection,
            List<PipelineSpec> earlier,
            Set<String> accepted,
            Listener listener) {
        return replay(ticket, replay.plan(selection), earlier, accepted, listener)
                .sum();
    }

    /**
     * What there is to replay now; opens nothing.
     *
     * @throws InfrastructureException as {@link QuarantineReplay#plan}
     */
    public ReplayPlan plan(ReplaySelection selection) {
        return replay.plan(selection);
    }

    /** Replays what was planned, and nothing that was quarantined later; else as {@link #replay}. */
    public Audited replay(
            String ticket, ReplayPlan plan, List<PipelineSpec> earlier, Set<String> accepted, Listener listener) {
        if (plan.entries() == 0) {
            return new Audited(replay.replay(plan, Map.of(), listener), null);
        }
        Map<Sealing, String> protections = protections(plan, earlier);
        Collection<Weakening> weakenings = weakenings(protections.values());
        List<Weakening> refused = weakenings.stream()
                .filter(weakening -> !weakening.added() || !accepted.contains(weakening.field()))
                .toList();
        if (!refused.isEmpty()) {
            audit.replayRefused(ticket, fields(refused));
            throw refusal(refused);
        }
        AuditHead begun = audit.replayBegins(ticket, plan.entries(), fields(weakenings));
        Replayed sum = replay.replay(plan, protections, listener);
        audit.replayEnded(begun, sum);
        return new Audited(sum, begun);
    }

    /**
     * A replay that has ended.
     *
     * @param sum what it did
     * @param begun its entry in the audit; null when there was nothing to replay
     */
    public record Audited(Replayed sum, @Nullable AuditHead begun) {}

    private Map<Sealing, String> protections(ReplayPlan plan, List<PipelineSpec> earlier) {
        Map<String, String> byVersion = new HashMap<>();
        earlier.forEach(
                file -> byVersion.put(file.version(), FieldProtection.of(file).text()));
        byVersion.put(spec.version(), FieldProtection.of(spec).text());
        Map<Sealing, String> protections = new HashMap<>();
        for (Sealing sealing : plan.sealings()) {
            String protection = sealing.protection() == null ? byVersion.get(sealing.version()) : sealing.protection();
            if (protection == null) {
                throw unknownVersions(plan, byVersion.keySet());
            }
            protections.put(sealing, protection);
        }
        return protections;
    }

    /** Each field once, whatever the versions under which the originals were sealed. */
    private Collection<Weakening> weakenings(Collection<String> protections) {
        FieldProtection today = FieldProtection.of(spec);
        Map<String, Weakening> weakenings = new TreeMap<>();
        for (String protection : Set.copyOf(protections)) {
            for (Weakening weakening : parse(protection).weakenedBy(today)) {
                weakenings.merge(weakening.field(), weakening, (one, other) -> one.added() ? other : one);
            }
        }
        return weakenings.values();
    }

    // Changed by hand: no original opens under it.
    private static FieldProtection parse(String protection) {
        try {
            return FieldProtection.parse(protection);
        } catch (IllegalArgumentException e) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "the column protection of a quarantined record is malformed: something other than Sluice changed it;"
                            + " nothing was opened");
        }
    }

    private static List<String> fields(Collection<Weakening> weakenings) {
        return weakenings.stream().map(Weakening::field).toList();
    }

    private static InfrastructureException refusal(List<Weakening> refused) {
        String fields = refused.stream()
                .map(one -> one.field() + " (" + one.before() + " then, " + one.after() + " now)")
                .collect(Collectors.joining(", "));
        String added = refused.stream()
                .filter(Weakening::added)
                .map(one -> " --accept-unmasked " + one.field())
                .collect(Collectors.joining());
        return new InfrastructureException(
                Kind.CONFIG,
                "the replay was refused and nothing was opened: this pipeline stores with less protection than the one that"
                        + " sealed the records: " + fields
                        + (added.isEmpty() ? "" : ". To store fields that were not stored, add" + added));
    }

    private static InfrastructureException unknownVersions(ReplayPlan plan, Set<String> known) {
        List<String> unknown = plan.sealings().stream()
                .filter(sealing -> sealing.protection() == null && !known.contains(sealing.version()))
                .map(Sealing::version)
                .distinct()
                .sorted()
                .toList();
        return new InfrastructureException(
                Kind.CONFIG,
                "nothing was opened: an older Sluice sealed records under version " + String.join(", ", unknown)
                        + " of the pipeline file, and what that file masked is unknown; set --sealed-under FILE to the"
                        + " file of that version");
    }
}
