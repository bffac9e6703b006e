package dev.sluice.app;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Rejects;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseAddress;
import dev.sluice.postgres.schema.DatabaseChecks;
import dev.sluice.sqs.Queues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything that a run would need, and changes nothing. Each part is looked at whatever the others say, so that
 * one call finds all that is wrong.
 */
public final class Doctor {

    /** A check must not keep somebody waiting; `sluice keys list` takes its time. */
    private static final Duration COUNTING = Duration.ofSeconds(10);

    private final Assembly assembly;

    /** The pipeline file was read by then: a bad one has ended the command with its own list of problems. */
    public Doctor(Assembly assembly) {
        this.assembly = assembly;
    }

    /** All findings: pipeline and keys, queue, database. Blocks for as long as the slowest answer takes. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.pass(
                "pipeline",
                assembly.spec().name() + ", version " + assembly.spec().version() + ", "
                        + assembly.spec().columns().size() + " columns into "
                        + assembly.spec().sink().qualifiedName()));
        masks(findings);
        keys(findings);
        findings.addAll(Queues.check(
                assembly.sqsSettings(),
                assembly.settings().environment(),
                assembly.spec().sink().reject() == Rejects.DLQ));
        findings.add(duplicates());
        database(findings);
        return findings;
    }

    private Finding duplicates() {
        String subject = "duplicates";
        return assembly.spec().source().idempotencyKey() instanceof IdempotencyKey.MessageId
                ? Finding.pass(
                        subject,
                        "known by their message ids; a message that AWS redrives from a dead-letter queue has a new id, and"
                                + " makes a second row if it was stored. Where producers give events ids, set"
                                + " source.idempotency-key: field:<name>")
                : Finding.pass(subject, "known by what their producers send, redriven messages too");
    }

    private void masks(List<Finding> findings) {
        for (Column column : assembly.spec().columns()) {
            if (column.mask() != null && column.mask().kind() == MaskKind.SHA256) {
                findings.add(Finding.warn(
                        "mask of " + column.name(),
                        "plain SHA-256: anyone who reads the table can reverse short values; use deterministic-aead"));
            }
        }
    }

    private void keys(List<Finding> findings) {
        try {
            Keysets keysets = assembly.keysets();
            for (Column column : assembly.spec().columns()) {
                roundTrip(findings, column, Mappers.mask(assembly.spec(), column, keysets));
            }
            keysets.sealer();
            findings.add(Finding.pass("keys", "every masked field has its keyset, and so has the quarantine"));
            findings.add(atRest(keysets));
            findings.add(binding(keysets));
            rotation(findings, keysets);
        } catch (KeysException e) {
            findings.add(Finding.fail("keys", Kind.CONFIG, e.getMessage()));
        } catch (InfrastructureException e) {
            findings.add(Finding.fail("keys", e.kind(), e.getMessage()));
        }
    }

    private Finding atRest(Keysets keysets) {
        return keysets.encryptedBy()
                .map(kek -> Finding.pass("keys at rest", "encrypted by " + kek + ", which has just decrypted them"))
                .orElseGet(() -> Finding.warn(
                        "keys at rest",
                        "in clear text in " + assembly.keysFile() + ": whoever reads that file can unmask the table;"
                                + " encrypt it by a KMS key, sluice keys rewrap-kek"));
    }

    private Finding binding(Keysets keysets) {
        String subject = "keys' database";
        if (keysets.database().isEmpty()) {
            return Finding.warn(
                    subject,
                    "the keys are bound to no database, so they also open values beside one whose audit nobody reads;"
                            + " run `sluice keys bind`");
        }
        UUID bound = keysets.database().get();
        if (!assembly.namesDatabase()) {
            return Finding.pass(subject, "the keys are bound to the database " + bound);
        }
        try {
            return assembly.otherDatabase(keysets, Database.installationId(assembly.databaseAddress()))
                    .map(problem -> Finding.fail(subject, Kind.CONFIG, problem))
                    .orElseGet(() -> Finding.pass(subject, "the keys are bound to this database, " + bound));
        } catch (InfrastructureException unknown) {
            return Finding.warn(
                    subject,
                    "the keys are bound to the database " + bound
                            + "; the id of this one is unknown: check the database's findings");
        }
    }

    /** Counts only while there is something to find: a field with a second key. */
    private void rotation(List<Finding> findings, Keysets keysets) {
        List<KeyInfo> old = keysets.list().stream()
                .filter(key -> !key.primary() && assembly.countsRowsOf(key))
                .toList();
        if (old.isEmpty() || !assembly.namesDatabase()) {
            return;
        }
        try {
            Map<Integer, Long> rows = assembly.keyUse(COUNTING).rows();
            old.stream()
                    .filter(key -> rows.containsKey(key.id()))
                    .forEach(key -> findings.add(Finding.warn(
                            "key rotation",
                            rows.get(key.id()) + " rows bear key " + key.hexId() + " of " + key.field() + ", which is "
                                    + key.status().label() + " and not the primary one; docs/rotate.md says what is"
                                    + " next")));
        } catch (InfrastructureException e) {
            findings.add(Finding.warn("key rotation", e.getMessage()));
        }
    }

    /** Masks a documentation address (RFC 5737) or a word, and recovers it: proves that what goes in can come out. */
    private static void roundTrip(List<Finding> findings, Column column, @Nullable Mask mask) {
        if (!(mask instanceof ReversibleMask reversible) || column.mask() == null) {
            return;
        }
        String sample = column.mask().form() == CanonicalForm.IP ? "192.0.2.1" : "sample";
        String token = reversible.mask(sample);
        boolean same = token != null
                && reversible.recover(token) instanceof Recovered.Clear clear
                && clear.value().equals(sample);
        if (!same) {
            findings.add(Finding.fail(
                    "keys of " + column.name(), Kind.CONFIG, "a sample was masked, but could not be recovered"));
        }
    }

    private void database(List<Finding> findings) {
        try {
            DatabaseAddress address = assembly.databaseAddress();
            findings.addAll(new DatabaseChecks(address, assembly.spec(), assembly.lanes()).check());
        } catch (InfrastructureException e) {
            findings.add(Finding.fail("database settings", e.kind(), e.getMessage()));
        }
    }
}
